-- The catalogue: what is known about each note of one vault. Derived from the notes, rebuilt when this file changes.
-- Days are ISO texts (2026-11-20), amounts numbers in the currency beside them, lines count from 1.
-- Tables of the first part hold what one note says; those of the second part are joined from all notes at the end of a sync.

CREATE TABLE meta (              -- last_sync, last_scan, fingerprints, …
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL,           -- stable id: front matter id, else made once of day, customer, deal, title and kept across renames
    path TEXT NOT NULL UNIQUE,   -- inside the vault, '/' between; bytes that are not UTF-8 as \xNN
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    inode TEXT NOT NULL, device TEXT NOT NULL,
    stamp TEXT NOT NULL,         -- these five as one text: what is compared before every answer
    look_again INTEGER NOT NULL,  -- 0; or ms of the monotonic clock when its signature was first seen; -1: read anew
    digest TEXT NOT NULL,        -- SHA-256 of the bytes
    encoding TEXT NOT NULL,
    title TEXT NOT NULL,
    type TEXT, day TEXT,
    customer TEXT,               -- as written
    customer_id TEXT,            -- joined; see customers
    stage TEXT, stage_raw TEXT,  -- key from the settings; as written
    owner_raw TEXT,              -- key from the settings, else as written
    owner TEXT,                  -- joined: the spelling in use where several spell one person
    channel TEXT,
    deal TEXT,                   -- as written
    deal_id TEXT,                -- joined; see deals
    amount REAL, currency TEXT, close_day TEXT,
    checked TEXT,                -- rules and templates its diagnostics were made under
    parsed INTEGER NOT NULL,     -- 0: the front matter could not be read
    copy_of INTEGER,             -- note this one is a conflict copy of
    taken_in TEXT NOT NULL       -- when it was last read, UTC
);
CREATE INDEX notes_customer ON notes(customer_id, day);
CREATE INDEX notes_stamp ON notes(path, stamp);
CREATE INDEX notes_day ON notes(day);
CREATE INDEX notes_name ON notes(customer);
CREATE INDEX notes_deal ON notes(deal_id);
CREATE INDEX notes_owner ON notes(owner_raw, owner) WHERE owner_raw IS NOT NULL;
CREATE INDEX notes_cards ON notes(id, digest, customer_id, customer, copy_of) WHERE type = 'customer';
CREATE INDEX notes_uid ON notes(uid);
CREATE INDEX notes_digest ON notes(digest);
CREATE INDEX notes_inode ON notes(inode);
CREATE INDEX notes_again ON notes(look_again) WHERE look_again <> 0;
-- what the last whole look at the disk saw holds only while no stamp changes
CREATE TRIGGER notes_added AFTER INSERT ON notes BEGIN DELETE FROM meta WHERE key = 'disk'; END;
CREATE TRIGGER notes_stamped AFTER UPDATE OF stamp, path ON notes BEGIN DELETE FROM meta WHERE key = 'disk'; END;
CREATE TRIGGER notes_gone AFTER DELETE ON notes BEGIN DELETE FROM meta WHERE key = 'disk'; END;

CREATE TABLE texts (             -- apart, so that lists do not read it
    note_id INTEGER PRIMARY KEY REFERENCES notes(id) ON DELETE CASCADE,
    text TEXT NOT NULL,          -- as written
    normalized TEXT NOT NULL     -- NFKC, case-folded, blanks folded: what the exact scan reads
);

CREATE TABLE sketches (          -- in blocks of 64 notes, each in rows of some letters and pairs; see sketch.py
    row INTEGER PRIMARY KEY,     -- the row's number in its block, times 2^32, and the block's: id / 64 of its notes
    bits BLOB NOT NULL           -- which of them may hold a letter, or two that touch; those of a removed note stay
);

CREATE TABLE fields (            -- front matter, one row a value; a list has positions, a mapping the keys 'key.sub'
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    key TEXT NOT NULL, raw_key TEXT NOT NULL, position INTEGER NOT NULL,
    value TEXT NOT NULL, normalized TEXT NOT NULL, number REAL, day TEXT, line INTEGER NOT NULL
);
CREATE INDEX fields_note ON fields(note_id);
CREATE INDEX fields_key ON fields(key, normalized);

CREATE TABLE sections (
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, level INTEGER NOT NULL, heading TEXT NOT NULL, line INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX sections_note ON sections(note_id);
CREATE INDEX sections_heading ON sections(heading);

CREATE TABLE todos (
    id TEXT PRIMARY KEY,
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, text TEXT NOT NULL, status TEXT NOT NULL,
    due TEXT,
    owner_raw TEXT, owner TEXT,  -- as of notes
    priority TEXT, done_on TEXT, line INTEGER NOT NULL, section TEXT
);
CREATE INDEX todos_note ON todos(note_id);
CREATE INDEX todos_open ON todos(status, due);
CREATE INDEX todos_owner ON todos(owner_raw, owner) WHERE owner_raw IS NOT NULL;

CREATE TABLE tags (
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    tag TEXT NOT NULL, normalized TEXT NOT NULL
);
CREATE INDEX tags_note ON tags(note_id);
CREATE INDEX tags_tag ON tags(normalized);

CREATE TABLE people (            -- persons as written in contacts:
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    position INTEGER NOT NULL, raw TEXT NOT NULL, name TEXT NOT NULL, title TEXT, department TEXT, company TEXT,
    email TEXT, phone TEXT, role TEXT,
    contact_id TEXT              -- joined; see contacts
);
CREATE INDEX people_note ON people(note_id);

CREATE TABLE learned (           -- answers a note brought
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    key TEXT NOT NULL, value TEXT NOT NULL, level TEXT, line INTEGER NOT NULL
);
CREATE INDEX learned_note ON learned(note_id);

CREATE TABLE competitors (       -- competitors a note names
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    name TEXT NOT NULL
);
CREATE INDEX competitors_note ON competitors(note_id);

CREATE TABLE links (
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    target TEXT NOT NULL, label TEXT NOT NULL, line INTEGER NOT NULL, wiki INTEGER NOT NULL, image INTEGER NOT NULL
);
CREATE INDEX links_note ON links(note_id);

CREATE TABLE diagnostics (       -- what reading the note said; after check, what check said
    note_id INTEGER NOT NULL REFERENCES notes(id) ON DELETE CASCADE,
    rule TEXT NOT NULL, severity TEXT NOT NULL, line INTEGER NOT NULL, col INTEGER NOT NULL,
    message TEXT NOT NULL, hint TEXT NOT NULL, start INTEGER, stop INTEGER
);
CREATE INDEX diagnostics_note ON diagnostics(note_id);

CREATE TABLE failures (          -- notes that the last sync could not read; what was known of them before still stands
    path TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    stamp TEXT NOT NULL          -- of its file then; '' where there was none
);

-- Joined from all notes -------------------------------------------------------------------------------------------

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    registered INTEGER NOT NULL, -- 1: has a note of type customer or stands in the settings
    note_id INTEGER,             -- its customer note
    kana TEXT, name_en TEXT, grp TEXT, corporate_number TEXT,
    status TEXT,                 -- lead, account, former
    domain TEXT, owner TEXT, industry TEXT, source TEXT
);

CREATE TABLE cards (             -- customer notes when all was joined last
    note_id INTEGER PRIMARY KEY, customer_id TEXT NOT NULL,
    entry TEXT NOT NULL          -- as of registered: what the note says by itself
);

CREATE TABLE registered (        -- customers that have a note or stand in the settings, when all was joined last
    customer_id TEXT PRIMARY KEY,
    entry TEXT NOT NULL,         -- JSON: names and what tells customers apart, see RegisteredCustomer
    note_ids TEXT NOT NULL       -- JSON: its customer notes
);

CREATE TABLE customer_names (    -- every spelling that leads to a customer, with where it comes from
    customer_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, notes INTEGER NOT NULL,
    normalized TEXT NOT NULL,    -- the name as search compares it
    key TEXT NOT NULL,           -- the name without legal form, blanks and honorifics
    PRIMARY KEY (customer_id, name)
);

CREATE TABLE mentions (          -- each spelling found, and what it resolved to
    mention TEXT PRIMARY KEY,
    customer_id TEXT,            -- NULL: ambiguous
    reason TEXT NOT NULL,
    candidates TEXT NOT NULL,    -- JSON list of customer ids
    normalized TEXT NOT NULL, key TEXT NOT NULL -- as of customer_names
);

CREATE TABLE contacts (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL, name TEXT NOT NULL, title TEXT, department TEXT, email TEXT, phone TEXT, role TEXT,
    first_met TEXT, last_met TEXT, notes INTEGER NOT NULL
);
CREATE INDEX contacts_customer ON contacts(customer_id);

CREATE TABLE deals (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,          -- '' for the deal of a customer that nobody named
    stage TEXT, stage_raw TEXT,  -- of its newest note that says one
    state TEXT NOT NULL,         -- open, won, lost
    amount REAL, currency TEXT, close_day TEXT, probability REAL, owner TEXT,
    opened TEXT, stage_since TEXT, closed TEXT, last_day TEXT,
    lost_reason TEXT, revisit TEXT,
    last_note_id INTEGER, notes INTEGER NOT NULL
);
CREATE INDEX deals_customer ON deals(customer_id);

CREATE TABLE stage_events (      -- each move of a deal from stage to stage
    deal_id TEXT NOT NULL, position INTEGER NOT NULL, stage TEXT NOT NULL, day TEXT, note_id INTEGER NOT NULL
);
CREATE INDEX stage_events_deal ON stage_events(deal_id);
