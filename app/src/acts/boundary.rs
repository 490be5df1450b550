//! The boundary of a project: set from a file or from pasted text, removed. The hidden field `record` says which project.

use domain::Refusal;
use domain::id::ProjectId;
use domain::refusal::codes;
use registry::BoundaryFile;

use super::{ActAnswer, ActCall, Done};
use crate::visitor::Flash;

/// Sets the boundary: the file `file`, or the text `text` if no file was chosen.
pub async fn project_boundary_set(call: ActCall) -> ActAnswer {
    let by = call.by()?;
    let project = ProjectId::new(call.text("record"));
    let file = match (&call.file, call.text("text")) {
        (Some(sent), _) if sent.field == "file" => BoundaryFile {
            name: sent.name.clone(),
            bytes: sent.bytes.to_vec(),
        },
        (_, "") => return Err(Refusal::new(codes::FILE_MISSING).at("file").into()),
        (_, text) => BoundaryFile {
            name: String::new(),
            bytes: text.as_bytes().to_vec(),
        },
    };
    let receipt = call
        .host
        .registry
        .project_boundary_set(&by, &project, file)
        .await?;
    Ok(Done::to(address(&project))
        .flash(Flash::done("desk.done_project_boundary_set"))
        .data(receipt))
}

/// Removes the boundary.
pub async fn project_boundary_remove(call: ActCall) -> ActAnswer {
    let project = ProjectId::new(call.text("record"));
    let receipt = call
        .host
        .registry
        .project_boundary_remove(&call.by()?, &project)
        .await?;
    Ok(Done::to(address(&project))
        .flash(Flash::done("desk.done_project_boundary_remove"))
        .data(receipt))
}

fn address(project: &ProjectId) -> String {
    format!("/desk/projects/{project}/boundary")
}
