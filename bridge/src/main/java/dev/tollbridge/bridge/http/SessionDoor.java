package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.exchange.JobSessions.Answered;
import dev.tollbridge.bridge.exchange.SessionRequest;

/// `POST /session`: a long job comes again, with the handle of the last answer and a proof of its
/// key. Answers as `POST /credentials`, plus the next handle. A request that is refused as a whole
/// is answered as one error, and has not used its handle up.
final class SessionDoor implements Door {

    static final String NAME = "session";

    private final JobSessions sessions;
    private final TokenRequests requests;
    private final OutcomeAnswers answers;

    SessionDoor(JobSessions sessions, TokenRequests requests, OutcomeAnswers answers) {
        this.sessions = sessions;
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        SessionRequest request = requests.session(call);
        OutcomeAnswers.Asked asked =
                new OutcomeAnswers.Asked(NAME, false, !request.proof().dpop().isEmpty());
        call.work(() -> {
            Answered answered = sessions.resume(request);
            return answered.whole()
                    ? answers.one(answered, asked, call.took())
                    : answers.several(answered, asked, call.took());
        });
    }
}
