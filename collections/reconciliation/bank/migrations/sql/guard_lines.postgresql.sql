-- What the bank said stays as it was said. TRUNCATE is left alone: only tests and leaving the demo empty a table.
CREATE FUNCTION bank_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the bank said is never edited or deleted (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER bank_statement_keeps_what_was_taken
    BEFORE UPDATE OR DELETE ON bank_bankstatement FOR EACH ROW EXECUTE FUNCTION bank_refuse_change();
CREATE TRIGGER bank_line_keeps_what_the_bank_said
    BEFORE UPDATE OF id, statement_id, account_id, date, amount, currency, payer_name, payer_account, payer_bank, memo,
        reference, balance, is_reversal, fingerprint, recorded_at OR DELETE
    ON bank_bankline FOR EACH ROW EXECUTE FUNCTION bank_refuse_change();

-- A line stands in a statement of its account, in the account's currency, and nothing of it is matched yet.
CREATE FUNCTION bank_check_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM bank_bankstatement AS statement JOIN bank_bankaccount AS account ON account.id = statement.account_id
        WHERE statement.id = NEW.statement_id AND account.id = NEW.account_id AND account.currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'a bank line has the account of its statement and the currency of its account'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.open_amount <> NEW.amount THEN
        RAISE EXCEPTION 'a bank line begins unmatched' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_line_within_account
    BEFORE INSERT ON bank_bankline FOR EACH ROW EXECUTE FUNCTION bank_check_line();

CREATE FUNCTION bank_check_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM bank_bankstatement WHERE account_id = NEW.id) THEN
        RAISE EXCEPTION 'an account with statements keeps its currency' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_account_keeps_currency
    BEFORE UPDATE OF currency ON bank_bankaccount FOR EACH ROW
    WHEN (OLD.currency <> NEW.currency) EXECUTE FUNCTION bank_check_account();
