//! Tables that fit the terminal: columns line up in any script, and the widest flexible ones give way first.
//!
//! Beyond a terminal nothing is cut: a pipe gets every character.

use super::text;
use anstyle::Style;
use std::ops::Range;

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

    /// What it must have, where it may be cut: its title stays readable.
    fn tightest(&self) -> Option<usize> {
        self.narrowest.map(|narrowest| (narrowest * 2 / 3).max(text::width(self.title)).min(narrowest))
    }

    /// A number, aligned at its right.
    pub(crate) const fn number(title: &'static str) -> Self {
        Column { title, right: true, narrowest: None }
    }

    /// Text that may be cut to `narrowest` columns when room is short, and to a little less before a row takes two lines.
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

/// Columns between two columns.
const GAP: usize = 2;
/// How far the further lines of a row stand in.
const INDENT: usize = 4;

/// The columns that stand in one line of a row.
#[derive(Debug)]
struct Part {
    columns: Range<usize>,
    widths: Vec<usize>,
    indent: usize,
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
        let widths = self.natural_widths();
        let parts = match room {
            Some(room) => self.parts(&widths, room),
            None => vec![Part { columns: 0..self.columns.len(), widths, indent: 0 }],
        };
        let titles: Vec<Cell> = self.columns.iter().map(|c| Cell::styled(c.title, Style::new().bold())).collect();
        let head: String = parts.iter().map(|part| self.line(&titles, part)).collect();
        let body = move |row: &Vec<Cell>| parts.iter().map(|part| self.line(row, part)).collect();
        std::iter::once(head).chain(self.rows.iter().map(body))
    }

    /// Columns of a terminal on which nothing is cut.
    pub(crate) fn width(&self) -> usize {
        self.natural_widths().iter().sum::<usize>() + GAP * self.columns.len().saturating_sub(1)
    }

    fn natural_widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|c| text::width(c.title)).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(text::width(&cell.text));
            }
        }
        widths
    }

    /// One part where all columns fit, cut if need be; else as many as it takes, which stand under each other in each row.
    fn parts(&self, natural: &[usize], room: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut begin = 0;
        while begin < self.columns.len() {
            let indent = if begin == 0 { 0 } else { INDENT };
            let fits = |end: &usize| indent + self.least_width(natural, begin..*end) <= room;
            let end = (begin + 1..=self.columns.len()).rev().find(fits).unwrap_or(begin + 1);
            let widths = self.shrunk(natural, begin..end, room - indent);
            parts.push(Part { columns: begin..end, widths, indent });
            begin = end;
        }
        parts
    }

    /// The width of these columns when all gave what they can.
    fn least_width(&self, natural: &[usize], columns: Range<usize>) -> usize {
        let gaps = GAP * columns.len().saturating_sub(1);
        columns.map(|i| self.columns[i].tightest().map_or(natural[i], |least| least.min(natural[i]))).sum::<usize>() + gaps
    }

    /// Takes from the widest flexible column, over and over, until the columns fit; first down to what each should have,
    /// then to what it must have.
    fn shrunk(&self, natural: &[usize], columns: Range<usize>, room: usize) -> Vec<usize> {
        let mut widths = natural[columns.clone()].to_vec();
        let own = &self.columns[columns];
        let gaps = GAP * own.len().saturating_sub(1);
        for least in [|column: &Column| column.narrowest, Column::tightest] {
            let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
            while excess > 0 {
                let can_give = |i: &usize| least(&own[*i]).is_some_and(|least| widths[*i] > least);
                let Some(widest) = (0..widths.len()).filter(can_give).max_by_key(|&i| widths[i]) else { break };
                widths[widest] -= 1;
                excess -= 1;
            }
        }
        widths
    }

    fn line(&self, row: &[Cell], part: &Part) -> String {
        let mut line = " ".repeat(part.indent);
        for (i, &width) in part.columns.clone().zip(&part.widths) {
            let cell = &row[i];
            let shown = text::cut(&cell.text, width);
            let padding = " ".repeat(width.saturating_sub(text::width(&shown)));
            let (before, after) = if self.columns[i].right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.push_str(before);
            line.push_str(&styled(&shown, cell.style));
            if i + 1 < part.columns.end {
                line.push_str(after);
                line.push_str(&" ".repeat(GAP));
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
    fn what_still_does_not_fit_goes_on_in_another_line() {
        assert_eq!(plain(&tickets(), Some(28))[2], " 12  A subj…  karl…  now");
        assert_eq!(plain(&tickets(), Some(20))[..3], [" ID  SUBJECT  FROM", "    AGE", "  7  Drucker  a@b.e…"]);
        let lines = plain(&tickets(), Some(20));
        assert_eq!(lines[4..6], [" 12  A subj…  karl.…", "    now"]);
        assert!(lines.iter().all(|line| text::width(line) <= 20), "{lines:#?}");
    }

    #[test]
    fn cells_are_neutralised() {
        let mut table = Table::new(&[Column::text("A")]);
        table.push(vec![Cell::new("x\x1b[2J\ny")]);
        assert_eq!(plain(&table, None)[1], "x␛[2J y");
    }
}
