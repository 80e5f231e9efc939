//! Tables that fit the terminal: columns line up in any script, and the widest flexible ones give way first.
//!
//! Beyond a terminal nothing is cut: a pipe gets every character.

use super::text;
use anstyle::Style;

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    title: &'static str,
    right: bool,
    narrowest: Option<usize>,
}

impl Column {
    /// Text, never cut.
    pub(crate) const fn text(title: &'static str) -> Self {
        Column { title, right: false, narrowest: None }
    }

    /// A number, aligned at its right.
    pub(crate) const fn number(title: &'static str) -> Self {
        Column { title, right: true, narrowest: None }
    }

    /// Text that may be cut to `narrowest` columns when room is short.
    pub(crate) const fn flexible(title: &'static str, narrowest: usize) -> Self {
        Column { title, right: false, narrowest: Some(narrowest) }
    }
}

/// A field: text made safe on the way in, and how it looks.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Text without a style.
    pub(crate) fn new(raw: impl AsRef<str>) -> Self {
        Cell::styled(raw, Style::new())
    }

    /// Text with a style.
    pub(crate) fn styled(raw: impl AsRef<str>, style: Style) -> Self {
        Cell { text: text::line(raw.as_ref()).into_owned(), style }
    }
}

/// Rows under titles.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: &[Column]) -> Self {
        Table { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; it has a cell for every column.
    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, styled, each with its line end. `room` is the terminal's width, `None` where nothing is cut.
    pub(crate) fn lines(&self, room: Option<usize>) -> impl Iterator<Item = String> + '_ {
        let widths = self.widths(room);
        let titles: Vec<Cell> = self.columns.iter().map(|c| Cell::styled(c.title, Style::new().bold())).collect();
        let head = self.line(&titles, &widths);
        std::iter::once(head).chain(self.rows.iter().map(move |row| self.line(row, &widths)))
    }

    fn widths(&self, room: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|c| text::width(c.title)).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(text::width(&cell.text));
            }
        }
        if let Some(room) = room {
            self.shrink(&mut widths, room);
        }
        widths
    }

    /// Takes columns from the widest flexible one, over and over, until the table fits or none can give more.
    fn shrink(&self, widths: &mut [usize], room: usize) {
        let gaps = 2 * self.columns.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        while excess > 0 {
            let can_give = |i: &usize| self.columns[*i].narrowest.is_some_and(|narrowest| widths[*i] > narrowest);
            let Some(widest) = (0..widths.len()).filter(can_give).max_by_key(|&i| widths[i]) else { return };
            widths[widest] -= 1;
            excess -= 1;
        }
    }

    fn line(&self, row: &[Cell], widths: &[usize]) -> String {
        let mut line = String::new();
        let last = row.len().saturating_sub(1);
        for (i, (cell, &width)) in row.iter().zip(widths).enumerate() {
            let shown = text::cut(&cell.text, width);
            let padding = " ".repeat(width.saturating_sub(text::width(&shown)));
            let (before, after) = if self.columns[i].right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.push_str(before);
            line.push_str(&styled(&shown, cell.style));
            if i < last {
                line.push_str(after);
                line.push_str("  ");
            }
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }
}

/// Text between the codes of a style; without a style just the text.
pub(crate) fn styled(text: &str, style: Style) -> String {
    if style == Style::new() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets() -> Table {
        let mut table =
            Table::new(&[Column::number("ID"), Column::flexible("SUBJECT", 8), Column::flexible("FROM", 8), Column::text("AGE")]);
        for (id, subject, from, age) in [
            ("7", "Drucker", "a@b.example", "1 h ago"),
            ("12", "A subject that is far too long", "karl.gustav@customer.example", "now"),
            ("100", "プリンタ", "c@d.example", "now"),
        ] {
            table.push(vec![Cell::new(id), Cell::new(subject), Cell::new(from), Cell::new(age)]);
        }
        table
    }

    fn plain(table: &Table, room: Option<usize>) -> Vec<String> {
        let text: String = table.lines(room).collect();
        anstream::adapter::strip_str(&text).to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn nothing_is_cut_without_a_terminal() {
        assert_eq!(
            plain(&tickets(), None),
            [
                " ID  SUBJECT                         FROM                          AGE",
                "  7  Drucker                         a@b.example                   1 h ago",
                " 12  A subject that is far too long  karl.gustav@customer.example  now",
                "100  プリンタ                        c@d.example                   now",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_the_widest_flexible_columns() {
        let lines = plain(&tickets(), Some(48));
        assert_eq!(lines[2], " 12  A subject that…   karl.gustav@cus…  now");
        assert!(lines.iter().all(|line| text::width(line) <= 48), "{lines:#?}");
    }

    #[test]
    fn too_narrow_a_terminal_keeps_the_least_widths() {
        let lines = plain(&tickets(), Some(5));
        assert_eq!(lines[2], " 12  A subje…  karl.gu…  now");
    }

    #[test]
    fn cells_are_neutralised() {
        let mut table = Table::new(&[Column::text("A")]);
        table.push(vec![Cell::new("x\x1b[2J\ny")]);
        assert_eq!(plain(&table, None)[1], "x␛[2J y");
    }
}
