//! Many mails of few templates.

use super::{Rendered, Scene, describe, environment, fill, render};
use minijinja::Environment;
use std::borrow::Cow;

/// Renders the templates of one act. Those that come with the program are compiled once, however many mails it makes; tests check them, so
/// that nobody else needs to. A site's own are checked and compiled for each mail.
#[derive(Debug)]
pub struct Renderer(Environment<'static>);

impl Default for Renderer {
    fn default() -> Self {
        Renderer(environment())
    }
}

impl Renderer {
    /// Renders a template; what is borrowed came with the program.
    ///
    /// # Errors
    /// As for [`render`].
    pub fn render(&mut self, template: Cow<'static, str>, scene: &Scene<'_>) -> Result<Rendered, String> {
        let known: &'static str = match template {
            Cow::Owned(own) => return render(&own, scene),
            Cow::Borrowed(known) => known,
        };
        if self.0.get_template(known).is_err() {
            self.0.add_template(known, known).map_err(|e| describe(&e))?;
        }
        fill(&self.0.get_template(known).map_err(|e| describe(&e))?, scene)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULTS, sample};
    use super::*;

    #[test]
    fn a_template_that_is_rendered_again_says_the_same_and_of_another_scene_what_that_says() {
        let mut renderer = Renderer::default();
        for round in 0..2 {
            for template in DEFAULTS {
                let mut scene = sample();
                scene.ticket.number = round;
                let told = renderer.render(Cow::Borrowed(template.body), &scene);
                assert_eq!(told, render(template.body, &scene), "{} in {}", template.name, template.language);
            }
        }
        let own = Cow::Owned("Subject: s\n\n{{ 'x' * 9 }}".to_owned());
        assert!(renderer.render(own, &sample()).is_err(), "a site's own are checked");
    }
}
