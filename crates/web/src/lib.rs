//! The web: a REST API for programs and pages for people. The room is empty so far; this is the sign on its door.
//!
//! What will be here: every verb of the command line as a request, with the same words, the same JSON and the same rights,
//! and pages for technicians who would rather read and answer tickets in a browser. Both will go through the one door of
//! `postern_core` that mail and the command line go through, and will read what `postern_core::view` reads; `postern serve`
//! will listen for them. HTML of strangers will be cleaned before anybody sees it.
//!
//! What will never be here: decisions about tickets, and SQL.
