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
    /// The ticket that the row names, in a table that names one.
    pub ticket: Option<i64>,
    /// The text.
    pub text: &'a str,
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

    /// Every text of every table but some, through `f`, which says what stands there from now on; `None`: as it is. Reads all rows.
    ///
    /// # Errors
    /// What the database says.
    pub fn rewrite_texts(&self, but: &[&str], f: impl Fn(&Found<'_>) -> Option<String>) -> Result<u64, StoreError> {
        let mut changed = 0;
        for (table, columns) in self.columns()? {
            if !but.contains(&table.as_str()) {
                changed += self.rewrite_table(&table, &columns, &f)?;
            }
        }
        Ok(changed)
    }

    /// The columns of the program's own tables, with their types. What a full-text index keeps for itself is none.
    fn columns(&self) -> Result<BTreeMap<String, Vec<Described>>, StoreError> {
        let sql = "SELECT t.name, c.name, c.type, t.wr FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                   WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
        let rows = self.query(sql, &[], |row| {
            let described = Described { name: row.get(1)?, is_text: row.text(2)? == "TEXT", has_rowid: row.get::<i64>(3)? == 0 };
            Ok((row.get::<String>(0)?, described))
        })?;
        let mut tables: BTreeMap<String, Vec<Described>> = BTreeMap::new();
        for (table, column) in rows {
            tables.entry(table).or_default().push(column);
        }
        Ok(tables)
    }

    fn rewrite_table(
        &self,
        table: &str,
        columns: &[Described],
        f: &impl Fn(&Found<'_>) -> Option<String>,
    ) -> Result<u64, StoreError> {
        let ticket = if columns.iter().any(|column| column.name == "ticket_id") { "ticket_id" } else { "NULL" };
        let has_rowid = columns.iter().all(|column| column.has_rowid);
        let mut changed = 0;
        for column in columns.iter().filter(|column| column.is_text) {
            let (into, name) = (quoted(table), quoted(&column.name));
            // Without row numbers a value is found by itself: such tables are small, and their texts mostly keys.
            let key = if has_rowid { "rowid" } else { "NULL" };
            let found = |key: Option<i64>, ticket, text: &str| {
                f(&Found { table, column: &column.name, ticket, text }).map(|new| (key, text.to_owned(), new))
            };
            let mut changes = Vec::new();
            self.query(&format!("SELECT {key}, {ticket}, {name} FROM {into} WHERE {name} IS NOT NULL"), &[], |row| {
                changes.extend(found(row.get(0)?, row.get(1)?, row.text(2)?));
                Ok(())
            })?;
            let by_row = format!("UPDATE {into} SET {name} = ?2 WHERE rowid = ?1");
            let by_text = format!("UPDATE OR REPLACE {into} SET {name} = ?2 WHERE {name} = ?1");
            for (key, old, new) in &changes {
                changed += match key {
                    Some(key) => self.execute(&by_row, &[Value::Int(*key), Value::Text(new)])?,
                    None => self.execute(&by_text, &[Value::Text(old), Value::Text(new)])?,
                };
            }
        }
        Ok(changed)
    }
}

/// A column as the database describes it.
struct Described {
    name: String,
    is_text: bool,
    has_rowid: bool,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
