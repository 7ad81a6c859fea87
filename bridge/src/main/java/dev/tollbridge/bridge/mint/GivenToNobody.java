package dev.tollbridge.bridge.mint;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends at its provider what was minted and will be given to nobody: too late, unfit, or wider than
/// was decided.
///
/// What cannot be ended is said to the operator, and changes nothing else: whoever asked is told
/// why there is no credential, and not how tidying up went.
public final class GivenToNobody {

    private static final Logger LOG = LoggerFactory.getLogger(GivenToNobody.class);
    private static final String COULD_NOT =
            "{}: a credential that was given to nobody could not be ended: {}";

    private GivenToNobody() {}

    /// Tells the provider.
    @FunctionalInterface
    public interface Ending {
        void end() throws MintFailure;
    }

    /// May block; throws nothing.
    public static void end(String issuance, Ending ending) {
        try {
            ending.end();
        } catch (MintFailure failure) {
            LOG.warn(COULD_NOT, issuance, failure.detail());
        } catch (RuntimeException failure) {
            // Its message may be the provider's.
            LOG.warn(COULD_NOT, issuance, failure.getClass().getSimpleName());
        }
    }
}
