//! The tables. A released migration is never edited; a change is a new one at the end.
//!
//! Times are microseconds since 1970 UTC, addresses are in lower case, booleans are 0 and 1. Personal text lies in
//! `content`, which erasure can replace; everything else about an event stays for ever.

mod v6;

use super::engine::Migration;
use v6::V6;

/// All migrations in order. The version of a database is the number of the last one applied.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, sql: V1 },
    Migration { version: 2, sql: V2 },
    Migration { version: 3, sql: V3 },
    Migration { version: 4, sql: V4 },
    Migration { version: 5, sql: V5 },
    Migration { version: 6, sql: V6 },
];

const V1: &str = r#"
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys that sign our Message-IDs. The newest that is not retired signs, every one is accepted.
CREATE TABLE signing_key (
  id TEXT PRIMARY KEY,
  secret BLOB NOT NULL,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE queue (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,
  comment_address TEXT,
  from_name TEXT,
  tag TEXT,
  signature TEXT,
  cc_from_mail INTEGER NOT NULL,
  automatic_mail TEXT NOT NULL,
  reopen_days INTEGER NOT NULL,
  disabled INTEGER NOT NULL
) STRICT;

-- Every address that is ours (A40): of queues by purpose (correspond, comment), and others (purpose own).
CREATE TABLE own_address (
  address TEXT PRIMARY KEY,
  queue_id INTEGER REFERENCES queue (id),
  purpose TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  login TEXT UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  from_mail INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT;

-- The address with the lowest position is the one that we write to.
CREATE TABLE person_address (
  address TEXT PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_address_by_person ON person_address (person_id, position);

CREATE TABLE people_group (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE group_member (
  group_id INTEGER NOT NULL REFERENCES people_group (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  PRIMARY KEY (group_id, person_id)
) STRICT, WITHOUT ROWID;

-- Who is told of everything in a queue: a person or a group, as cc or admincc.
CREATE TABLE queue_watcher (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  role TEXT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  group_id INTEGER REFERENCES people_group (id)
) STRICT;
CREATE INDEX queue_watcher_by_queue ON queue_watcher (queue_id);

-- What happens on an event (RT: scrip). queue_id null: in every queue.
CREATE TABLE rule (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  position INTEGER NOT NULL,
  queue_id INTEGER REFERENCES queue (id),
  event TEXT NOT NULL,
  condition TEXT NOT NULL,
  recipients TEXT NOT NULL,
  audience TEXT NOT NULL,
  template TEXT NOT NULL,
  enabled INTEGER NOT NULL
) STRICT;

-- Templates that differ from those that come with the program.
CREATE TABLE template (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  queue_id INTEGER REFERENCES queue (id),
  body TEXT NOT NULL
) STRICT;
CREATE INDEX template_by_name ON template (name);

CREATE TABLE ticket (
  id INTEGER PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  owner_id INTEGER REFERENCES person (id),
  priority INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  resolved INTEGER,
  due INTEGER,
  time_worked INTEGER NOT NULL,
  merged_into INTEGER REFERENCES ticket (id)
) STRICT;

-- Queues that watch a ticket of another queue (A46).
CREATE TABLE ticket_queue (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  PRIMARY KEY (ticket_id, queue_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE watcher (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  role TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  PRIMARY KEY (ticket_id, role, person_id)
) STRICT, WITHOUT ROWID;

-- People in To or Cc of accepted mails who are not watchers: they may join by tag or thread, and are mailed nothing.
CREATE TABLE participant (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  address TEXT NOT NULL,
  PRIMARY KEY (ticket_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  kind TEXT NOT NULL,
  target_id INTEGER REFERENCES ticket (id),
  url TEXT
) STRICT;
CREATE INDEX link_by_ticket ON link (ticket_id);
CREATE INDEX link_by_target ON link (target_id);

-- Octets. The first megabyte is in data, what follows in content_more. Large ones are stored once, by their SHA-256; for
-- small ones the index would cost every mail more than it saves.
CREATE TABLE content (
  id INTEGER PRIMARY KEY,
  hash BLOB,
  size INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX content_by_hash ON content (hash) WHERE hash IS NOT NULL;
CREATE TABLE content_more (
  content_id INTEGER NOT NULL REFERENCES content (id),
  position INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (content_id, position)
) STRICT, WITHOUT ROWID;

-- A message, however often it was delivered (A164).
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  raw_id INTEGER NOT NULL REFERENCES content (id),
  received INTEGER NOT NULL,
  from_email TEXT,
  from_name TEXT,
  to_emails TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_by_identity ON message (message_id, body_hash);

-- Files of a message: a range of its raw octets, or a content row of their own.
CREATE TABLE attachment (
  message INTEGER NOT NULL REFERENCES message (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content_key TEXT,
  inline INTEGER NOT NULL,
  size INTEGER NOT NULL,
  range_start INTEGER,
  range_end INTEGER,
  encoding TEXT,
  content_id INTEGER REFERENCES content (id),
  PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;

-- History. Append-only.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  at INTEGER NOT NULL,
  actor_id INTEGER REFERENCES person (id),
  kind TEXT NOT NULL,
  internal INTEGER NOT NULL,
  folded INTEGER NOT NULL,
  text_id INTEGER REFERENCES content (id),
  message INTEGER REFERENCES message (id),
  changes TEXT
) STRICT;
CREATE INDEX entry_by_ticket ON entry (ticket_id);

-- Message-IDs that a ticket's mails name without being mails of it (A71).
CREATE TABLE named_message (
  message_id TEXT NOT NULL,
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  PRIMARY KEY (message_id, ticket_id)
) STRICT, WITHOUT ROWID;

-- The ledger: every arrival, with what was done and why.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  received INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES message (id),
  recipient TEXT NOT NULL,
  sender TEXT,
  options TEXT NOT NULL,
  class TEXT NOT NULL,
  trust TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  ticket_id INTEGER REFERENCES ticket (id),
  entry_id INTEGER REFERENCES entry (id),
  trail TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX delivery_once ON delivery (message, recipient) WHERE verdict <> 'duplicate';

-- Mail that is due. The body is a content row; the octets are put together when it is sent.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  created INTEGER NOT NULL,
  ticket_id INTEGER REFERENCES ticket (id),
  entry_id INTEGER REFERENCES entry (id),
  kind TEXT NOT NULL,
  audience TEXT NOT NULL,
  address TEXT NOT NULL,
  envelope_from TEXT NOT NULL,
  headers TEXT NOT NULL,
  text_id INTEGER NOT NULL REFERENCES content (id),
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt INTEGER,
  last_reply TEXT,
  settled INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, address);
CREATE INDEX outbox_acknowledgements ON outbox (address, created) WHERE kind = 'acknowledgement';
"#;

const V2: &str = r#"
ALTER TABLE person ADD COLUMN notify TEXT NOT NULL DEFAULT 'all';
ALTER TABLE person ADD COLUMN digest TEXT;
ALTER TABLE person ADD COLUMN language TEXT;

ALTER TABLE queue ADD COLUMN language TEXT;
ALTER TABLE queue ADD COLUMN quote INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN html INTEGER NOT NULL DEFAULT 1;
ALTER TABLE queue ADD COLUMN show_names INTEGER NOT NULL DEFAULT 1;

-- Rules that are on or off in one queue, whatever they are elsewhere.
CREATE TABLE rule_switch (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  rule TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  PRIMARY KEY (queue_id, rule)
) STRICT, WITHOUT ROWID;

ALTER TABLE template ADD COLUMN language TEXT;

-- Addresses that get no mail about a ticket.
CREATE TABLE squelch (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  address TEXT NOT NULL,
  PRIMARY KEY (ticket_id, address)
) STRICT, WITHOUT ROWID;

-- Files that came with an entry by another way than a message.
CREATE TABLE entry_file (
  entry_id INTEGER NOT NULL REFERENCES entry (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_id INTEGER NOT NULL REFERENCES content (id),
  PRIMARY KEY (entry_id, position)
) STRICT, WITHOUT ROWID;

-- files: a JSON list of what is passed on, each a file of a message or a content row. html: whether the text goes out with
-- an HTML form beside it. first_attempt: when it was first tried; giving up counts from there.
ALTER TABLE outbox ADD COLUMN files TEXT;
ALTER TABLE outbox ADD COLUMN html INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN first_attempt INTEGER;
-- When a held mail is told in a digest, and whose: an address may belong to somebody else by then. told_in: the mail that told it.
ALTER TABLE outbox ADD COLUMN digest INTEGER;
ALTER TABLE outbox ADD COLUMN person_id INTEGER REFERENCES person (id);
ALTER TABLE outbox ADD COLUMN told_in INTEGER REFERENCES outbox (id);
CREATE INDEX outbox_digest ON outbox (digest) WHERE digest IS NOT NULL;
CREATE INDEX outbox_by_person ON outbox (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX outbox_told_in ON outbox (told_in) WHERE told_in IS NOT NULL;
-- What waits for one address on one ticket leaves in the order in which it was written; what is held for a digest is in nobody's
-- way. By settled and not by next_attempt, which every lease would touch the index for.
CREATE INDEX outbox_waiting ON outbox (ticket_id, address, id) WHERE settled IS NULL AND state <> 'held';

-- When the key stopped being accepted.
ALTER TABLE signing_key ADD COLUMN retired INTEGER;
"#;

const V3: &str = r#"
-- Rules that come with the program and were left as they were in version 1 follow it: whoever is named for one mail is told.
-- Whether one was switched off stays as it is.
UPDATE rule SET recipients = '["cc","once","requestor"]'
  WHERE name = 'correspondence-to-customers' AND queue_id IS NULL AND event = 'correspond' AND condition = 'not automatic'
    AND recipients IN ('["cc","requestor"]', '["requestor","cc"]') AND audience = 'customers' AND template = 'correspondence';
UPDATE rule SET recipients = '["admincc","once","owner"]'
  WHERE name = 'comment-to-staff' AND queue_id IS NULL AND event = 'comment' AND condition = ''
    AND recipients IN ('["admincc","owner"]', '["owner","admincc"]') AND audience = 'comments' AND template = 'comment';
"#;

const V4: &str = r#"
ALTER TABLE queue ADD COLUMN acknowledge_forwarded INTEGER NOT NULL DEFAULT 0;
-- What of the text is no news: a JSON list of [start, end], octets of the text, in order, [] where all of it is. NULL: nobody looked,
-- which is so for what was written by command, and for all that is older than this column.
ALTER TABLE entry ADD COLUMN folds TEXT;
-- The charset in which a person said that the message is to be read, whatever it says itself. NULL: as the program reads it.
ALTER TABLE message ADD COLUMN charset TEXT;
"#;

const V5: &str = r#"
-- What becomes of mail on a ticket from somebody who has no part in it, and of spam.
ALTER TABLE queue ADD COLUMN strangers TEXT NOT NULL DEFAULT 'ticket';
ALTER TABLE queue ADD COLUMN spam TEXT NOT NULL DEFAULT 'quarantine';
-- What the border mail server says of who sent it, as JSON (A99). NULL where it says nothing, or nobody asked.
ALTER TABLE delivery ADD COLUMN authentication TEXT;

-- Addresses whose mail came back because of the address itself. suspended: since when nothing is sent there. last_mail: the outbox
-- row that counted last; none counts twice.
CREATE TABLE address_trouble (
  address TEXT PRIMARY KEY,
  hard_bounces INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_reply TEXT NOT NULL,
  last_mail INTEGER NOT NULL,
  suspended INTEGER
) STRICT, WITHOUT ROWID;
-- Which tickets have mail that did not arrive: few rows of many.
CREATE INDEX outbox_undelivered ON outbox (ticket_id, address, id) WHERE state IN ('failed', 'bounced');
-- By what later mails are compared with one (A115): sums of who wrote to which of our addresses, who exactly, and what they said. NULL where
-- nothing is counted: what came again, our own mail come back, what a person let in, and all that is older than the columns.
ALTER TABLE delivery ADD COLUMN origin INTEGER;
ALTER TABLE delivery ADD COLUMN writer INTEGER;
ALTER TABLE delivery ADD COLUMN likeness INTEGER;
CREATE INDEX delivery_recent ON delivery (origin, received, writer, likeness) WHERE origin IS NOT NULL;
CREATE INDEX delivery_held ON delivery (id) WHERE verdict = 'quarantined';
-- Automatic answers to an address, whatever they are, and warnings.
DROP INDEX outbox_acknowledgements;
CREATE INDEX outbox_answers ON outbox (address, created) WHERE kind IN ('acknowledgement', 'confirmation');
CREATE INDEX outbox_warnings ON outbox (address, created) WHERE kind = 'warning';
CREATE INDEX outbox_failures ON outbox (settled) WHERE state IN ('failed', 'bounced');
-- Letters: questions to people about a mail of the ledger, warnings about one. Who was asked how often, and about what.
ALTER TABLE outbox ADD COLUMN delivery_id INTEGER REFERENCES delivery (id);
CREATE INDEX outbox_by_delivery ON outbox (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX outbox_confirmations ON outbox (address, created) WHERE kind = 'confirmation';
-- The names of those who work here: few of many people.
CREATE INDEX person_of_staff ON person (name, login) WHERE role <> 'guest';
-- Answers that are held for what they repeat: few rows of many.
CREATE INDEX outbox_repeating ON outbox (entry_id) WHERE state = 'held' AND digest IS NULL;
"#;
