-- A rejection in a moderator's own words, and which of our prompts an answer was written to.
ALTER TABLE comment ADD COLUMN own_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN prompt_id BIGINT;                        -- our message in the answer's chat
