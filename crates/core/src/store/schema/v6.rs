//! The sixth migration: rights, links, approvals, fields, searches, and what else it takes to work a ticket.

/// Its statements.
pub(super) const V6: &str = r#"
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
CREATE INDEX ticket_by_priority ON ticket (priority) WHERE priority <> 0 AND final_priority IS NULL;
-- What is next: of what had a priority once nearly all is over.
CREATE INDEX ticket_open_priority ON ticket (priority) WHERE priority <> 0 AND final_priority IS NULL AND kind <> 'inactive';
-- Those on the way to another priority.
CREATE INDEX ticket_changing_priority ON ticket (kind) WHERE final_priority IS NOT NULL;
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
-- Which fields entries changed or began with, 'field:NAME', and of which kind the rarer ones are, 'kind:NAME'; for the history across tickets.
-- Derived as search_document is, and with it.
CREATE TABLE search_happened (
  what TEXT NOT NULL,
  entry_id INTEGER NOT NULL,
  PRIMARY KEY (what, entry_id)
) STRICT, WITHOUT ROWID;
-- Which words there are: nothing but another view of it.
CREATE VIRTUAL TABLE search_term USING fts5vocab (search, instance);
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
-- The entries of a ticket, in order, and which of them are mails: so that a ticket's thread is found beside any number of changes.
DROP INDEX entry_by_ticket;
CREATE INDEX entry_by_ticket ON entry (ticket_id, id, message);
-- The operating system's user who acted in the actor's name (--as); NULL: the actor themselves, or a mail.
ALTER TABLE entry ADD COLUMN run_by TEXT;
"#;
