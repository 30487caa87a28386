-- The twin of guard_reports.postgresql.sql: what a month was closed with stays as it was.
CREATE TRIGGER closing_report_stays_as_it_was
    BEFORE UPDATE ON closing_closingreport
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: a closing report stays as it was'); END;
CREATE TRIGGER closing_report_is_never_deleted
    BEFORE DELETE ON closing_closingreport
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: a closing report stays as it was'); END;
