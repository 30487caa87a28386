-- What a month was closed with stays as it was. The twin of guard_reports.sqlite.sql.
CREATE TRIGGER closing_report_stays_as_it_was
    BEFORE UPDATE ON closing_closingreport FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER closing_report_is_never_deleted
    BEFORE DELETE ON closing_closingreport FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
