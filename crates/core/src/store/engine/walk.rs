//! Tables by what the database itself says of them: for work that must miss no table, whoever added it.

use std::collections::BTreeMap;

use super::{StoreError, Tx, Value};
use crate::values;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
}

/// A text where it stands.
#[derive(Debug)]
pub struct Found<'a> {
    /// Table.
    pub table: &'a str,
    /// Column.
    pub column: &'a str,
    /// The row's number, or the first of its key; none, if that is a text.
    pub row: Option<i64>,
    /// The ticket that the row names, in a table that names one.
    pub ticket: Option<i64>,
    /// The text.
    pub text: &'a str,
}

/// Another text in place of one.
#[derive(Debug)]
pub struct TextChange {
    table: String,
    column: String,
    /// The columns that tell the row from all others, with what stands there.
    key: Vec<(String, Key)>,
    old: String,
    new: String,
}

/// What a row is known by.
#[derive(Debug)]
enum Key {
    Number(i64),
    Text(String),
}

/// What pointing rows at another row came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repointed {
    /// Rows that name the other one now.
    pub moved: u64,
    /// Rows that are gone, because the table has the same of the other one already.
    pub dropped: u64,
}

impl Tx<'_> {
    /// Every column that refers to a table.
    ///
    /// # Errors
    /// What the database says.
    pub fn references_to(&self, table: &str) -> Result<Vec<Column>, StoreError> {
        let sql = "SELECT t.name, f.\"from\" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
                   WHERE t.schema = 'main' AND t.type = 'table' AND f.\"table\" = ?1 ORDER BY t.name, f.\"from\"";
        self.query(sql, values![table], |row| Ok(Column { table: row.get(0)?, column: row.get(1)? }))
    }

    /// Lets rows that refer to one row refer to another. Where that would make a row twice, the one that comes too late goes.
    ///
    /// # Errors
    /// What the database says.
    pub fn repoint(&self, place: &Column, from: i64, to: i64) -> Result<Repointed, StoreError> {
        let (table, column) = (quoted(&place.table), quoted(&place.column));
        let moved =
            self.execute(&format!("UPDATE OR IGNORE {table} SET {column} = ?2 WHERE {column} = ?1"), values![from, to])?;
        let dropped = self.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), values![from])?;
        Ok(Repointed { moved, dropped })
    }

    /// Every text of every table but some, through `f`, which says what is to stand there; `None`: as it is. Reads all rows.
    ///
    /// # Errors
    /// What the database says.
    pub fn texts_to_change(&self, but: &[&str], f: impl Fn(&Found<'_>) -> Option<String>) -> Result<Vec<TextChange>, StoreError> {
        let mut changes = Vec::new();
        for (table, columns) in self.columns()? {
            if !but.contains(&table.as_str()) {
                for column in columns.iter().filter(|column| column.is_text) {
                    self.look_through(&table, &columns, column, &f, &mut changes)?;
                }
            }
        }
        Ok(changes)
    }

    /// Writes such a text, if the row still has the old one.
    ///
    /// # Errors
    /// What the database says.
    pub fn replace_text(&self, change: &TextChange) -> Result<(), StoreError> {
        let (into, name) = (quoted(&change.table), quoted(&change.column));
        let mut sql = format!("UPDATE OR REPLACE {into} SET {name} = ?1 WHERE {name} = ?2");
        let mut values = vec![Value::Text(&change.new), Value::Text(&change.old)];
        for (column, key) in &change.key {
            sql.push_str(&format!(" AND {column} = ?{}", values.len() + 1));
            values.push(match key {
                Key::Number(number) => Value::Int(*number),
                Key::Text(text) => Value::Text(text),
            });
        }
        self.execute(&sql, &values).map(|_| ())
    }

    /// The last row of each table whose rows have numbers.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_rows(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        let tables = self.columns()?.into_iter().filter(|(_, columns)| columns.iter().all(|column| column.has_rowid));
        let last = |table: String| {
            let sql = format!("SELECT coalesce(max(rowid), 0) FROM {}", quoted(&table));
            self.query_opt(&sql, &[], |row| row.get::<i64>(0)).map(|last| (table, last.unwrap_or_default()))
        };
        tables.map(|(table, _)| last(table)).collect()
    }

    /// The columns of the program's own tables, with their types. What a full-text index keeps for itself is none.
    fn columns(&self) -> Result<BTreeMap<String, Vec<Described>>, StoreError> {
        let sql = "SELECT t.name, c.name, c.type, t.wr, c.pk FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                   WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
        let rows = self.query(sql, &[], |row| {
            let described = Described {
                name: row.get(1)?,
                is_text: row.text(2)? == "TEXT",
                has_rowid: row.get::<i64>(3)? == 0,
                in_key: row.get::<i64>(4)? > 0,
            };
            Ok((row.get::<String>(0)?, described))
        })?;
        let mut tables: BTreeMap<String, Vec<Described>> = BTreeMap::new();
        for (table, column) in rows {
            tables.entry(table).or_default().push(column);
        }
        Ok(tables)
    }

    fn look_through(
        &self,
        table: &str,
        columns: &[Described],
        column: &Described,
        f: &impl Fn(&Found<'_>) -> Option<String>,
        changes: &mut Vec<TextChange>,
    ) -> Result<(), StoreError> {
        let ticket = if columns.iter().any(|column| column.name == "ticket_id") { "ticket_id" } else { "NULL" };
        let keys: Vec<(String, bool)> = match columns.iter().all(|column| column.has_rowid) {
            true => vec![("rowid".to_owned(), false)],
            false => columns.iter().filter(|c| c.in_key).map(|c| (quoted(&c.name), c.is_text)).collect(),
        };
        let list = keys.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let (from, name) = (quoted(table), quoted(&column.name));
        let sql = format!("SELECT {ticket}, {name}, {list} FROM {from} WHERE {name} IS NOT NULL");
        self.query(&sql, &[], |row| {
            let text = row.text(1)?;
            let first = if keys.first().is_some_and(|(_, is_text)| !is_text) { Some(row.get(2)?) } else { None };
            let found = Found { table, column: &column.name, row: first, ticket: row.get(0)?, text };
            let Some(new) = f(&found).filter(|new| new != text) else { return Ok(()) };
            let key = |(at, (name, is_text)): (usize, &(String, bool))| {
                let key = if *is_text { Key::Text(row.get(at + 2)?) } else { Key::Number(row.get(at + 2)?) };
                Ok((name.clone(), key))
            };
            let key = keys.iter().enumerate().map(key).collect::<Result<Vec<_>, StoreError>>()?;
            changes.push(TextChange { table: table.to_owned(), column: column.name.clone(), key, old: text.to_owned(), new });
            Ok(())
        })?;
        Ok(())
    }
}

/// A column as the database describes it.
struct Described {
    name: String,
    is_text: bool,
    has_rowid: bool,
    in_key: bool,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
