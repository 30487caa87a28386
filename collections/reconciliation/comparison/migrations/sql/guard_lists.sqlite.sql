-- The twin of guard_lists.postgresql.sql.
CREATE TRIGGER customer_list_keeps_what_was_given
    BEFORE UPDATE OF id, customer_id, file, file_name, digest, source, first_day, as_of, opening, closing, columns, direction,
        line_count, taken_by_id, taken_at
    ON comparison_customerlist
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER customer_list_stays_withdrawn
    BEFORE UPDATE ON comparison_customerlist
    WHEN OLD.withdrawn_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER customer_list_is_never_deleted
    BEFORE DELETE ON comparison_customerlist
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER list_line_keeps_what_was_given
    BEFORE UPDATE ON comparison_listline
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER list_line_is_never_deleted
    BEFORE DELETE ON comparison_listline
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER decision_stays
    BEFORE UPDATE ON comparison_decision
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
CREATE TRIGGER decision_is_never_deleted
    BEFORE DELETE ON comparison_decision
BEGIN SELECT RAISE(ABORT, 'what a customer gave us is never edited or deleted'); END;
