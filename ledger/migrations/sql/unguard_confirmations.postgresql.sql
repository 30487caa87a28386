DROP TRIGGER confirmation_keeps_what_was_posted ON ledger_confirmation;
DROP FUNCTION ledger_check_confirmation() CASCADE;
DROP FUNCTION ledger_check_confirmed_on() CASCADE;
DROP FUNCTION ledger_check_reversed_is_withdrawn() CASCADE;
