DROP TRIGGER bank_account_keeps_currency ON bank_bankaccount;
DROP TRIGGER bank_line_within_account ON bank_bankline;
DROP TRIGGER bank_line_keeps_what_the_bank_said ON bank_bankline;
DROP TRIGGER bank_statement_keeps_what_was_taken ON bank_bankstatement;
DROP FUNCTION bank_check_account();
DROP FUNCTION bank_check_line();
DROP FUNCTION bank_refuse_change();
