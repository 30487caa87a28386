DROP FUNCTION ledger_refuse_change() CASCADE;
DROP FUNCTION ledger_check_entry() CASCADE;
DROP FUNCTION ledger_check_currency_change() CASCADE;
DROP FUNCTION ledger_check_reversed_on() CASCADE;
DROP FUNCTION ledger_check_allocation() CASCADE;
DROP FUNCTION ledger_check_billing() CASCADE;
