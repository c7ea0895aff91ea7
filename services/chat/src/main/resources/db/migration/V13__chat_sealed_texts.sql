-- Titles and system prompts, sealed with their owner's key. The columns title and system hold what
-- an earlier version wrote as text, until the next start has sealed it; then they are null.
ALTER TABLE chat_conversations ADD COLUMN title_sealed ${blob};
ALTER TABLE chat_conversations ADD COLUMN system_sealed ${blob};

CREATE INDEX chat_conversations_unsealed ON chat_conversations (id)
  WHERE title IS NOT NULL OR system IS NOT NULL;

-- Conversations that are deleted, and of which something may be left in other stores.
CREATE TABLE chat_removals (
  conversation_id ${key} PRIMARY KEY,
  user_id ${key} NOT NULL,
  buckets ${int64} NOT NULL,
  -- The streams of answers that were being written, with blanks between.
  streams TEXT NOT NULL,
  requested_at_ms ${int64} NOT NULL
) ${strict};

CREATE INDEX chat_removals_by_user ON chat_removals (user_id);

-- Which conversations show a picture.
CREATE TABLE chat_image_uses (
  image_id ${key} NOT NULL,
  conversation_id ${key} NOT NULL,
  PRIMARY KEY (image_id, conversation_id)
) ${strict};

CREATE INDEX chat_image_uses_by_conversation ON chat_image_uses (conversation_id);

-- 0 for pictures from before their uses were written down: these stay as long as the account.
ALTER TABLE chat_images ADD COLUMN uses_known ${int64} NOT NULL DEFAULT 0;
-- 1 from when nobody may use it any more until its bytes are gone.
ALTER TABLE chat_images ADD COLUMN removing ${int64} NOT NULL DEFAULT 0;

CREATE INDEX chat_images_by_removing ON chat_images (id) WHERE removing = 1;
