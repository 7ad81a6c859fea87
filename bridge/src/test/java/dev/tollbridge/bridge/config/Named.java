package dev.tollbridge.bridge.config;

import java.util.Map;
import java.util.NoSuchElementException;

/// A document that a test knows to be there.
final class Named {

    private Named() {}

    static <S extends Spec> Document<S> in(Map<String, Document<S>> documents, String name) {
        Document<S> document = documents.get(name);
        if (document == null) {
            throw new NoSuchElementException(name + " is not among " + documents.keySet());
        }
        return document;
    }
}
