//! The tables. A released migration is never edited; a change is a new one at the end.
//!
//! Times are microseconds since 1970 UTC, addresses are in lower case, booleans are 0 and 1. Personal text lies in
//! `content`, which erasure can replace; everything else about an event stays for ever.

use super::engine::Migration;

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

const V6: &str = r#"
-- The life cycle that a queue names; NULL: the default.
ALTER TABLE queue ADD COLUMN life_cycle TEXT;

-- kind: what the status means, so that a query needs no life cycle: initial, active, inactive. All times as elsewhere, all durations in minutes.
ALTER TABLE ticket ADD COLUMN kind TEXT NOT NULL DEFAULT 'active';
ALTER TABLE ticket ADD COLUMN final_priority INTEGER;
ALTER TABLE ticket ADD COLUMN starts INTEGER;
ALTER TABLE ticket ADD COLUMN wakes INTEGER;
ALTER TABLE ticket ADD COLUMN time_estimated INTEGER;
ALTER TABLE ticket ADD COLUMN time_left INTEGER;
ALTER TABLE ticket ADD COLUMN started INTEGER;
ALTER TABLE ticket ADD COLUMN first_answer INTEGER;
ALTER TABLE ticket ADD COLUMN last_contact INTEGER;
UPDATE ticket SET kind = CASE status WHEN 'new' THEN 'initial' WHEN 'open' THEN 'active' WHEN 'stalled' THEN 'active' ELSE 'inactive' END;

-- Groups in groups: all members of the one are members of the other.
-- group_member has everybody who is in a group, those of the groups in it, too, so that mail need not look for them; direct: who is named
-- in it.
ALTER TABLE group_member ADD COLUMN direct INTEGER NOT NULL DEFAULT 1;
CREATE INDEX group_member_by_person ON group_member (person_id, group_id);
CREATE TABLE group_in_group (
  group_id INTEGER NOT NULL REFERENCES people_group (id),
  member_id INTEGER NOT NULL REFERENCES people_group (id),
  PRIMARY KEY (group_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket_tag (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (ticket_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tag_by_tag ON ticket_tag (tag, ticket_id);

-- Values of the fields that the site defines, as the command wrote them in its one form.
CREATE TABLE ticket_field (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (ticket_id, field, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_field_by_value ON ticket_field (field, value, ticket_id);

-- Times of tickets. What a customer's answer to a ticket in a final status does; and what old tickets know of their times from history.
ALTER TABLE queue ADD COLUMN after_close TEXT NOT NULL DEFAULT 'new';
CREATE INDEX ticket_wakes ON ticket (wakes) WHERE wakes IS NOT NULL;
UPDATE ticket SET
  started = (SELECT min(e.at) FROM entry e WHERE e.ticket_id = ticket.id AND ticket.kind <> 'initial'
    AND (e.changes LIKE '%"field":"status","from":"%","to":"open"%' OR e.changes LIKE '%"field":"status","from":"%","to":"stalled"%')),
  (first_answer, last_contact) = (SELECT min(e.at), max(e.at) FROM entry e JOIN person p ON p.id = e.actor_id
    WHERE e.ticket_id = ticket.id AND e.kind = 'correspond' AND e.internal = 0 AND e.folded = 0 AND p.role <> 'guest'
    AND NOT EXISTS (SELECT 1 FROM watcher w WHERE w.ticket_id = ticket.id AND w.role = 'requestor' AND w.person_id = p.id));
-- A link is there or not. One that was written twice counts once.
DELETE FROM link WHERE EXISTS (SELECT 1 FROM link o WHERE o.ticket_id = link.ticket_id AND o.kind = link.kind AND o.rowid < link.rowid
  AND coalesce(o.target_id, 0) = coalesce(link.target_id, 0) AND coalesce(o.url, '') = coalesce(link.url, ''));
DROP INDEX link_by_ticket;
CREATE UNIQUE INDEX link_once ON link (ticket_id, kind, coalesce(target_id, 0), coalesce(url, ''));
-- What went into a ticket: few rows of many.
CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into IS NOT NULL;
-- Who did what, and what takes it back. set_id: the first entry of the same act or mail; NULL: it is that itself, or alone. undone_by: the
-- first entry of what took it back. begins: what a ticket began with, in the form of changes; NULL in what opened no ticket, and in all that is
-- older than the column.
ALTER TABLE entry ADD COLUMN set_id INTEGER REFERENCES entry (id);
ALTER TABLE entry ADD COLUMN undone_by INTEGER REFERENCES entry (id);
ALTER TABLE entry ADD COLUMN begins TEXT;
CREATE INDEX entry_of_set ON entry (set_id) WHERE set_id IS NOT NULL;

-- Whose approval a ticket needs. answer: yes or no, NULL: none yet; trust: how sure we were of who answered; entry_id: with which entry.
CREATE TABLE approval (
  ticket_id INTEGER NOT NULL REFERENCES ticket (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  asked_by INTEGER REFERENCES person (id),
  asked INTEGER NOT NULL,
  answer TEXT,
  answered INTEGER,
  trust TEXT,
  remark TEXT,
  entry_id INTEGER REFERENCES entry (id),
  PRIMARY KEY (ticket_id, person_id)
) STRICT, WITHOUT ROWID;
-- Automatic mail to an address, transcripts of commands too, in one index for all: every process reads the list of indexes.
DROP INDEX outbox_answers;
DROP INDEX outbox_warnings;
DROP INDEX outbox_confirmations;
CREATE INDEX outbox_automatic ON outbox (address, created, kind)
  WHERE kind IN ('acknowledgement', 'confirmation', 'transcript', 'warning');
-- Searching. What a new ticket pays for is kept few: the other indexes hold only tickets that have such a value.
-- For queues, and for kinds and statuses in all of them: those are named by their queues.
CREATE INDEX ticket_by_queue ON ticket (queue_id, kind, status);
CREATE INDEX ticket_by_owner ON ticket (owner_id);
CREATE INDEX ticket_by_updated ON ticket (updated);
CREATE INDEX ticket_by_due ON ticket (due) WHERE due IS NOT NULL;
-- What is overdue: of what was due once nearly all is over.
CREATE INDEX ticket_open_due ON ticket (due) WHERE due IS NOT NULL AND kind <> 'inactive';
-- On which tickets somebody may see something because they were in To or Cc: only such mails pay for it.
CREATE INDEX participant_by_address ON participant (address);
CREATE INDEX ticket_by_starts ON ticket (starts) WHERE starts IS NOT NULL;
CREATE INDEX ticket_by_started ON ticket (started) WHERE started IS NOT NULL;
CREATE INDEX ticket_by_resolved ON ticket (resolved) WHERE resolved IS NOT NULL;
CREATE INDEX ticket_by_last_contact ON ticket (last_contact) WHERE last_contact IS NOT NULL;
CREATE INDEX ticket_by_priority ON ticket (priority) WHERE priority <> 0;
CREATE INDEX ticket_by_final_priority ON ticket (final_priority) WHERE final_priority IS NOT NULL;
CREATE INDEX watcher_by_person ON watcher (person_id, ticket_id);
-- What can be found of tickets (entry_id null) and entries, filled from behind: no mail waits for it. The ticket's number times 2^24, and
-- one for each entry, also of tickets that went into it, so that all of a ticket stand together, here and in the full text. Derived, so it refers to nothing; it says again
-- when an entry was made and by whom, so that filing a mail need not keep indexes of that.
CREATE TABLE search_document (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER UNIQUE,
  at INTEGER NOT NULL,
  actor_id INTEGER,
  internal INTEGER NOT NULL
) STRICT;
CREATE INDEX search_document_by_time ON search_document (at, internal);
CREATE INDEX search_document_by_actor ON search_document (actor_id, at, internal) WHERE actor_id IS NOT NULL;
-- Entries whose text is another than the full text says.
CREATE TABLE search_stale (
  entry_id INTEGER PRIMARY KEY
) STRICT;
-- The full text itself, by the id of its document; see engine/full_text.rs.
CREATE VIRTUAL TABLE search USING fts5 (
  subject, text, files, internal, internal_files,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- Searches with a name: somebody's own, or everybody's (person_id null).
CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  query TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_search_by_name ON saved_search (name, coalesce(person_id, 0));
-- What was done to people themselves: 'merged' (somebody else into them) or 'erased'; by whom: NULL, the program. No names.
CREATE TABLE person_record (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL,
  actor_id INTEGER REFERENCES person (id),
  what TEXT NOT NULL
) STRICT;
CREATE INDEX person_record_by_person ON person_record (person_id);
-- Reminders: what the numbers of the list mean that went to somebody, so that an answer acts on them as they stood there. Who has
-- that of a day, which begins at `day`, however late it was made. Open approvals are looked up by whom they are asked of.
CREATE TABLE reminder (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  made INTEGER NOT NULL,
  day INTEGER NOT NULL,
  address TEXT NOT NULL,
  tickets TEXT NOT NULL,
  message_id TEXT NOT NULL
) STRICT;
CREATE INDEX reminder_by_person ON reminder (person_id, day);
CREATE INDEX reminder_by_time ON reminder (made);
CREATE INDEX approval_open ON approval (person_id) WHERE answer IS NULL;
"#;
