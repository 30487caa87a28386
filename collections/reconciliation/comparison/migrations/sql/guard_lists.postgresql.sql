-- What a customer gave us and what people said about it stays. TRUNCATE is left alone: only tests and leaving the demo
-- empty a table.
CREATE FUNCTION comparison_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a customer gave us is never edited or deleted (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER customer_list_keeps_what_was_given
    BEFORE UPDATE OF id, customer_id, file, file_name, digest, source, first_day, as_of, opening, closing, columns, direction,
        line_count, taken_by_id, taken_at
        OR DELETE
    ON comparison_customerlist FOR EACH ROW EXECUTE FUNCTION comparison_refuse_change();
CREATE TRIGGER customer_list_stays_withdrawn
    BEFORE UPDATE ON comparison_customerlist FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION comparison_refuse_change();
CREATE TRIGGER list_line_keeps_what_was_given
    BEFORE UPDATE OR DELETE ON comparison_listline FOR EACH ROW EXECUTE FUNCTION comparison_refuse_change();
CREATE TRIGGER decision_stays
    BEFORE UPDATE OR DELETE ON comparison_decision FOR EACH ROW EXECUTE FUNCTION comparison_refuse_change();
