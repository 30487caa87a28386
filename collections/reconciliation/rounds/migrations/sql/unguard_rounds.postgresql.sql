DROP TRIGGER difference_posted_within_customer ON rounds_difference;
DROP FUNCTION rounds_check_posted();
DROP TRIGGER reconciliation_keeps_what_was_asked ON rounds_reconciliation;
DROP TRIGGER difference_keeps_what_was_found ON rounds_difference;
DROP TRIGGER comment_keeps_what_was_said ON rounds_comment;
DROP FUNCTION rounds_refuse_change();
