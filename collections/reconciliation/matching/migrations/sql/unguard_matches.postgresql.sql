DROP TRIGGER bank_line_is_open_as_far_as_not_matched ON bank_bankline;
DROP TRIGGER match_keeps_what_was_matched ON matching_match;
DROP TRIGGER aside_keeps_what_was_set_aside ON matching_setaside;
DROP FUNCTION matching_check_open_amount() CASCADE;
DROP FUNCTION matching_check_aside() CASCADE;
DROP FUNCTION matching_check_match() CASCADE;
DROP FUNCTION matching_left_of_line(bigint) CASCADE;
