//! The priority of a ticket by now, in queries; tests compare it with the model's function of time (A156).

/// The same as an expression over `ticket t`; the time is the parameter that takes the place of `{now}`.
pub const SQL: &str = "CASE
  WHEN t.final_priority IS NULL OR t.due IS NULL THEN t.priority
  WHEN coalesce(t.resolved, {now}) >= t.due THEN t.final_priority
  WHEN (coalesce(t.resolved, {now}) - coalesce(t.starts, t.created)) / 1000000 <= 0
    OR (t.due - coalesce(t.starts, t.created)) / 1000000 <= 0 THEN t.priority
  ELSE t.priority + (t.final_priority - t.priority) * ((coalesce(t.resolved, {now}) - coalesce(t.starts, t.created)) / 1000000)
    / ((t.due - coalesce(t.starts, t.created)) / 1000000)
END";
