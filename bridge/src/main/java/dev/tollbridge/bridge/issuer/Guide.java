package dev.tollbridge.bridge.issuer;

import java.util.List;

/// What a preset's documentation page says for people.
///
/// @param issuerForm how the issuer's URL looks, with `<placeholders>`
/// @param audience what `aud` is when nobody sets it, and whether a job can
/// @param lifetime how long its tokens live, in words
/// @param howToGet how a job comes by a token, one step each
/// @param advice what a grant should pin
/// @param dangers what not to do
/// @param notes recent changes and oddities
/// @param confidence how well the facts are known: read in the vendor's documents or source, or
///   from memory
/// @param sources where they were read
public record Guide(
        String issuerForm,
        String audience,
        String lifetime,
        List<String> howToGet,
        List<String> advice,
        List<String> dangers,
        List<String> notes,
        String confidence,
        List<String> sources) {}
