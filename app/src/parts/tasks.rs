//! A long form as a list of short ones.

use leptos::prelude::*;

use crate::lang::t;
use crate::page::scene;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    /// Nothing was typed yet.
    NotStarted,
    /// Something was typed, something is missing.
    Begun,
    /// Complete.
    Complete,
    /// Something typed is wrong.
    Wrong,
    /// Waits for other tasks: no link yet.
    Later,
}

impl TaskStatus {
    const fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Begun => "begun",
            Self::Complete => "complete",
            Self::Wrong => "wrong",
            Self::Later => "later",
        }
    }
}

/// One task.
#[derive(Clone, Debug)]
pub struct Task {
    /// What to do.
    pub title: String,
    /// One line below it; may be empty.
    pub hint: String,
    /// Where it is done.
    pub address: String,
    /// How far it is.
    pub status: TaskStatus,
}

/// A list of tasks with their statuses.
#[component]
pub fn TaskList(
    /// The tasks, in the order in which one would do them.
    tasks: Vec<Task>,
) -> impl IntoView {
    let lang = scene().lang;
    let tasks: Vec<_> = tasks
        .into_iter()
        .map(|task| {
            let status = t(lang, &format!("part.task_{}", task.status.code()));
            let hint = (!task.hint.is_empty()).then(|| view! { <span class="tasks__hint">{task.hint}</span> });
            let title = if task.status == TaskStatus::Later {
                view! { <span class="tasks__title">{task.title}</span> }.into_any()
            } else {
                view! { <a class="tasks__title" href=task.address>{task.title}</a> }.into_any()
            };
            view! {
                <li class="tasks__task">
                    <span class="tasks__text">{title}{hint}</span>
                    <span class=format!("tasks__status tasks__status--{}", task.status.code().replace('_', "-"))>{status}</span>
                </li>
            }
        })
        .collect();
    view! { <ol class="tasks">{tasks}</ol> }.into_any()
}
