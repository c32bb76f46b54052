-- What readers took back, while its words are still there to be restored or wiped.
CREATE INDEX comment_withdrawn ON comment (due_at) WHERE state = 'withdrawn' AND due_at > 0;
