package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.token.DpopVerifier;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenVerifier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

/// Everything an exchange is made of; the wiring fills it in.
///
/// @param clock judges expiry and stamps records
/// @param ticker nanoseconds that never go back, for durations
/// @param recordDeadline how long a refusal's record may take to become durable
/// @param threads a virtual thread per task
public record ExchangeSteps(
        Rules.Source rules,
        TokenParser parser,
        TokenVerifier verifier,
        IdentityReader identities,
        DpopVerifier dpop,
        IssuanceLimits limits,
        Ledger ledger,
        AuditTrail trail,
        Minters minters,
        Ids ids,
        InstantSource clock,
        LongSupplier ticker,
        Duration recordDeadline,
        ExecutorService threads) {}
