//! The UI languages the page knows, and which clock each prefers.

/// Brings a query value such as `pt_BR` to the form the page is told; unknown languages become English.
#[must_use]
pub fn normalise(text: &str) -> &'static str {
    let lower = text.to_ascii_lowercase().replace('_', "-");
    match lower.split('-').next().unwrap_or("") {
        "pt" => "pt-BR",
        "es" => "es",
        "it" => "it",
        "zh" => "zh-CN",
        _ => "en",
    }
}

/// The `lang` attribute of the document.
#[must_use]
pub fn html_lang(locale: &str) -> &'static str {
    match normalise(locale) {
        "pt-BR" => "pt",
        "zh-CN" => "zh-CN",
        other => other,
    }
}

/// Whether a language writes twelve hours when no setting says otherwise (evidence 3.4).
#[must_use]
pub fn hour12(locale: &str) -> bool {
    !matches!(normalise(locale), "pt-BR" | "it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_values_become_known_locales() {
        assert_eq!(normalise("pt_BR"), "pt-BR");
        assert_eq!(normalise("PT"), "pt-BR");
        assert_eq!(normalise("en-GB"), "en");
        assert_eq!(normalise("\"><script>"), "en");
        assert!(hour12("es") && !hour12("pt_BR"));
    }
}
