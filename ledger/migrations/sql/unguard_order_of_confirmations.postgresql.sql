DROP FUNCTION ledger_check_order_of_confirmations() CASCADE;
