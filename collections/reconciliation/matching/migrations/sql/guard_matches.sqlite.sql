-- The twin of guard_matches.postgresql.sql.
CREATE TRIGGER match_keeps_what_was_matched
    BEFORE UPDATE ON matching_match
BEGIN SELECT RAISE(ABORT, 'what was matched is never edited or deleted'); END;
CREATE TRIGGER match_is_never_deleted
    BEFORE DELETE ON matching_match
BEGIN SELECT RAISE(ABORT, 'what was matched is never edited or deleted'); END;
CREATE TRIGGER aside_keeps_what_was_set_aside
    BEFORE UPDATE ON matching_setaside
BEGIN SELECT RAISE(ABORT, 'what was set aside is never edited or deleted'); END;
CREATE TRIGGER aside_is_never_deleted
    BEFORE DELETE ON matching_setaside
BEGIN SELECT RAISE(ABORT, 'what was set aside is never edited or deleted'); END;

CREATE TRIGGER match_is_undone_by_its_opposite
    BEFORE INSERT ON matching_match
    WHEN NEW.undoes_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM matching_match WHERE id = NEW.undoes_id AND undoes_id IS NULL AND line_id = NEW.line_id
            AND entry_id = NEW.entry_id AND amount = -NEW.amount
    )
BEGIN SELECT RAISE(ABORT, 'a match is undone by the opposite of itself'); END;
CREATE TRIGGER match_of_the_right_kind
    BEFORE INSERT ON matching_match
    WHEN NEW.undoes_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM bank_bankline AS line JOIN ledger_entry AS entry ON entry.id = NEW.entry_id
        WHERE line.id = NEW.line_id AND line.currency = entry.currency
            AND entry.reverses_id IS NULL AND entry.reversed_on IS NULL AND (NEW.amount > 0) = (line.amount > 0)
            AND entry.kind = CASE WHEN line.amount > 0 THEN 'payment' ELSE 'refund' END
    )
BEGIN SELECT RAISE(ABORT, 'money in is matched with payments, money out with refunds, of its currency, that stand'); END;
CREATE TRIGGER match_within_line_and_entry
    BEFORE INSERT ON matching_match
    WHEN NEW.undoes_id IS NULL AND (
        abs(NEW.amount) > abs(
            (SELECT amount FROM bank_bankline WHERE id = NEW.line_id)
            - COALESCE((SELECT SUM(amount) FROM matching_match WHERE line_id = NEW.line_id), 0)
            - COALESCE((SELECT SUM(amount) FROM matching_setaside WHERE line_id = NEW.line_id), 0)
        )
        OR abs(NEW.amount + COALESCE((SELECT SUM(amount) FROM matching_match WHERE entry_id = NEW.entry_id), 0))
            > (SELECT abs(document_amount) FROM ledger_entry WHERE id = NEW.entry_id)
    )
BEGIN SELECT RAISE(ABORT, 'more would be matched than there is'); END;
CREATE TRIGGER aside_within_line
    BEFORE INSERT ON matching_setaside
    WHEN NEW.undoes_id IS NULL AND (
        (NEW.amount > 0) <> ((SELECT amount FROM bank_bankline WHERE id = NEW.line_id) > 0)
        OR abs(NEW.amount) > abs(
            (SELECT amount FROM bank_bankline WHERE id = NEW.line_id)
            - COALESCE((SELECT SUM(amount) FROM matching_match WHERE line_id = NEW.line_id), 0)
            - COALESCE((SELECT SUM(amount) FROM matching_setaside WHERE line_id = NEW.line_id), 0)
        )
    ) OR NEW.undoes_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM matching_setaside
        WHERE id = NEW.undoes_id AND undoes_id IS NULL AND line_id = NEW.line_id AND amount = -NEW.amount
    )
BEGIN SELECT RAISE(ABORT, 'no more of a line is set aside than is left'); END;

CREATE TRIGGER bank_line_is_open_as_far_as_not_matched
    BEFORE UPDATE OF open_amount ON bank_bankline
    WHEN NEW.open_amount <> NEW.amount
        - COALESCE((SELECT SUM(amount) FROM matching_match WHERE line_id = NEW.id), 0)
        - COALESCE((SELECT SUM(amount) FROM matching_setaside WHERE line_id = NEW.id), 0)
BEGIN SELECT RAISE(ABORT, 'open of a line is what is neither matched nor set aside'); END;
