-- The twin of guard_lines.postgresql.sql.
CREATE TRIGGER bank_statement_keeps_what_was_taken
    BEFORE UPDATE ON bank_bankstatement
BEGIN SELECT RAISE(ABORT, 'what the bank said is never edited or deleted'); END;
CREATE TRIGGER bank_statement_is_never_deleted
    BEFORE DELETE ON bank_bankstatement
BEGIN SELECT RAISE(ABORT, 'what the bank said is never edited or deleted'); END;
CREATE TRIGGER bank_line_keeps_what_the_bank_said
    BEFORE UPDATE OF id, statement_id, account_id, date, amount, currency, payer_name, payer_account, payer_bank, memo,
        reference, balance, is_reversal, fingerprint, recorded_at ON bank_bankline
BEGIN SELECT RAISE(ABORT, 'what the bank said is never edited or deleted'); END;
CREATE TRIGGER bank_line_is_never_deleted
    BEFORE DELETE ON bank_bankline
BEGIN SELECT RAISE(ABORT, 'what the bank said is never edited or deleted'); END;

CREATE TRIGGER bank_line_within_account
    BEFORE INSERT ON bank_bankline
    WHEN NOT EXISTS (
        SELECT 1 FROM bank_bankstatement AS statement JOIN bank_bankaccount AS account ON account.id = statement.account_id
        WHERE statement.id = NEW.statement_id AND account.id = NEW.account_id AND account.currency = NEW.currency
    )
BEGIN SELECT RAISE(ABORT, 'a bank line has the account of its statement and the currency of its account'); END;
CREATE TRIGGER bank_line_begins_unmatched
    BEFORE INSERT ON bank_bankline
    WHEN NEW.open_amount <> NEW.amount
BEGIN SELECT RAISE(ABORT, 'a bank line begins unmatched'); END;

CREATE TRIGGER bank_account_keeps_currency
    BEFORE UPDATE OF currency ON bank_bankaccount
    WHEN OLD.currency <> NEW.currency AND EXISTS (SELECT 1 FROM bank_bankstatement WHERE account_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an account with statements keeps its currency'); END;
