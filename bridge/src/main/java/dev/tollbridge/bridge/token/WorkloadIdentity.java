package dev.tollbridge.bridge.token;

import java.util.Map;

/// Who a verified token stands for, in the words of the record.
///
/// @param subject `<trusted issuer>:<the preset's stable subject>`, of immutable ids where the
///   platform has them
/// @param identifyingClaims the preset's identifying claims that the token has, as text, in order
public record WorkloadIdentity(
        VerifiedToken token, String subject, Map<String, String> identifyingClaims) {}
