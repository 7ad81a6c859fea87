#!/bin/sh
# tollbridge-exchange: shows a CI job's or a pod's token to a Tollbridge bridge and prints the credential it gives.
# POSIX sh, curl and awk; nothing else. The flags of `tollbridge exchange`.
#
# No token is ever an argument of a program (others on the machine see those), nor in a file that others can read.
set -u
# A trace would print tokens. Nothing above this line handles one.
case $- in *x*) set +x; printf '%s\n' 'tollbridge: tracing (set -x) is off in this script: it would print tokens' >&2 ;; esac
umask 077
LC_ALL=C
export LC_ALL
# What comes exported under these names would be handed to every program that is started here.
unset token config body answer credential text handle value whole

readonly DONE=0 NO=1 USAGE=2 UNAVAILABLE=3
readonly EXCHANGE='urn:ietf:params:oauth:grant-type:token-exchange'
readonly JWT='urn:ietf:params:oauth:token-type:jwt'
readonly AWS='urn:tollbridge:params:oauth:token-type:aws-credentials'
readonly KUBERNETES='urn:tollbridge:params:oauth:token-type:kubernetes-exec-credential'

usage() {
    cat <<'HELP'
Usage: tollbridge-exchange.sh --url URL --target NAME (--token-file FILE | --github | --gitlab) [options]
       tollbridge-exchange.sh --url URL --target NAME --target NAME ... --out-dir DIR (--token-file FILE | ...)
       tollbridge-exchange.sh --from FILE (--format FORMAT | --show MEMBER)
       tollbridge-exchange.sh --url URL --revoke FILE

Shows the bridge a token, prints the credential.

  --url URL                the bridge (also TOLLBRIDGE_URL): https, or http on this machine
  --target NAME            what the credential is for; several times with --out-dir
  --token-file FILE        the token to show
  --github                 ask GitHub Actions for it (the job needs permissions: id-token: write)
  --token-variable NAME    take it from this variable
  --azure-devops           ask Azure Pipelines for it (the step maps System.AccessToken to SYSTEM_ACCESSTOKEN)
  --gitlab                 take it from the variable that the job's id_tokens set
  --gitlab-variable NAME   that variable; default TOLLBRIDGE_ID_TOKEN
  --audience TEXT          with --github: whom the token is for; default the bridge's URL
  --scope SCOPES           space separated; default all that is granted
  --ttl SECONDS            how long it should live; default as long as allowed
  --format FORMAT          json, token, env, aws-process, kube-exec or google; default json
  --out FILE               write it there (mode 0600, replaced as a whole) instead of to stdout
  --out-dir DIR            write each target's json answer to DIR/NAME.json: one call, one use of the token; all or none
  --handle-out FILE        also write what --revoke takes, mode 0600
  --from FILE              no exchange: write the json answer in FILE in another format
  --show MEMBER            with --from: print one member of the answer, such as expires_at
  --revoke FILE            end the credential whose handle, or whose json answer, is in FILE
  --ca-file FILE           authorities to believe instead of the platform's, PEM
  --help

Exit codes: 0 done; 1 refused; 2 wrong usage; 3 the bridge, or who gives the token, cannot be reached now.
HELP
}

say() { printf '%s\n' "$*" >&2; }

wrong() {
    say "tollbridge: $*"
    say "${0##*/} --help shows how."
    exit "$USAGE"
}

# One member of the JSON on stdin, by its path, such as status.token. Strings as they are meant, everything else as
# it is written. Exit 1: not there; 2: not JSON.
json() {
    awk -v want="$1" '
    function fail() { broken = 1; exit 2 }
    function blank() { while (index(" \t\r\n", substr(text, pos, 1)) > 0 && pos <= len) pos++ }
    function hex(digits,    i, n, d) {
        if (length(digits) != 4) fail()
        n = 0
        for (i = 1; i <= 4; i++) {
            d = index("0123456789abcdef", tolower(substr(digits, i, 1)))
            if (d == 0) fail()
            n = n * 16 + d - 1
        }
        return n
    }
    function utf8(n) {
        if (n < 128) return sprintf("%c", n)
        if (n < 2048) return sprintf("%c%c", 192 + int(n / 64), 128 + n % 64)
        if (n < 65536) return sprintf("%c%c%c", 224 + int(n / 4096), 128 + int(n / 64) % 64, 128 + n % 64)
        return sprintf("%c%c%c%c", 240 + int(n / 262144), 128 + int(n / 4096) % 64, 128 + int(n / 64) % 64, 128 + n % 64)
    }
    function string(    out, rest, c, n, low) {
        pos++
        out = ""
        for (;;) {
            rest = substr(text, pos)
            match(rest, /^[^"\\]*/)
            out = out substr(rest, 1, RLENGTH)
            pos += RLENGTH
            c = substr(text, pos, 1)
            if (c == "\"") { pos++; return out }
            if (c != "\\") fail()
            c = substr(text, pos + 1, 1)
            pos += 2
            if (c == "u") {
                n = hex(substr(text, pos, 4))
                pos += 4
                if (n >= 55296 && n < 56320 && substr(text, pos, 2) == "\\u") {
                    low = hex(substr(text, pos + 2, 4))
                    if (low < 56320 || low > 57343) fail()
                    n = 65536 + (n - 55296) * 1024 + (low - 56320)
                    pos += 6
                }
                if (n == 0) fail()
                out = out utf8(n)
            }
            else if (c == "n") out = out "\n"
            else if (c == "t") out = out "\t"
            else if (c == "r") out = out "\r"
            else if (c == "b") out = out "\b"
            else if (c == "f") out = out "\f"
            else if (c == "\"" || c == "\\" || c == "/") out = out c
            else fail()
        }
    }
    function value(path, depth,    c, name, start, n, found) {
        if (depth > 16) fail()
        blank()
        c = substr(text, pos, 1)
        start = pos
        if (c == "\"") found = string()
        else if (c == "{" || c == "[") {
            pos++
            blank()
            n = 0
            if (substr(text, pos, 1) == (c == "{" ? "}" : "]")) pos++
            else for (;;) {
                if (c == "{") {
                    blank()
                    if (substr(text, pos, 1) != "\"") fail()
                    name = string()
                    blank()
                    if (substr(text, pos++, 1) != ":") fail()
                } else name = n++
                value(path == "" ? name : path "." name, depth + 1)
                blank()
                if (substr(text, pos, 1) == ",") { pos++; continue }
                if (substr(text, pos, 1) != (c == "{" ? "}" : "]")) fail()
                pos++
                break
            }
            found = substr(text, start, pos - start)
        } else {
            match(substr(text, pos), /^[-+.0-9A-Za-z]+/)
            if (RLENGTH < 1) fail()
            found = substr(text, pos, RLENGTH)
            pos += RLENGTH
        }
        if (path == want && !seen) { seen = 1; answer = found }
    }
    { text = text (NR > 1 ? "\n" : "") $0 }
    END {
        if (broken) exit 2
        len = length(text)
        pos = 1
        value("", 0)
        blank()
        if (pos <= len) exit 2
        if (!seen) exit 1
        printf "%s", answer
    }'
}

# A string as JSON writes it.
quoted() {
    printf '%s' "$1" | awk '
    { line = $0; gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); out = out (NR > 1 ? "\\n" : "") line }
    END { printf "\"%s\"", out }'
}

# RFC 3339, UTC, as seconds since 1970.
epoch() {
    printf '%s' "$1" | awk -F '[-T:.Z]' '
    NF < 6 { exit 1 }
    {
        y = $1 + 0; m = $2 + 0
        if (m <= 2) { y--; m += 12 }
        days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + $3 - 719469
        printf "%.0f", days * 86400 + $4 * 3600 + $5 * 60 + $6
    }'
}

# For eval in a shell.
shell_quoted() {
    printf "'"
    printf '%s' "$1" | awk '{ gsub(/\047/, "\047\\\047\047"); printf "%s%s", (NR > 1 ? "\n" : ""), $0 }'
    printf "'"
}

# Only what a token can be made of may go into curl's configuration.
plain_token() {
    case $1 in
        '') return 1 ;;
        *[!A-Za-z0-9._~+/=-]*) return 1 ;;
    esac
}

# Runs curl with the configuration on stdin; sets $status and $body.
# Exits when there is no answer.
call() {
    what=$1
    shift
    try=1
    while :; do
        answer=$(printf '%s\n' "$config" | curl --silent --show-error --config - --max-time 30 --connect-timeout 10 \
            --max-filesize 1048576 --proto '=https,http' --output - --write-out '\n%{http_code}' "$@" 2>"$errors")
        code=$?
        # Only what certainly was not sent is sent again.
        case $code in
            5 | 6 | 7) [ "$try" -lt 3 ] || break ;;
            *) break ;;
        esac
        sleep "$try"
        try=$((try + 1))
    done
    if [ "$code" -ne 0 ]; then
        say "tollbridge: $what cannot be reached (curl $code): $(head -n 3 "$errors" | cut -c 1-300)"
        exit "$UNAVAILABLE"
    fi
    status=${answer##*
}
    body=${answer%
*}
}

checked_url() {
    case $1 in
        *[!A-Za-z0-9._~:/@%\[\]-]* | *@*) wrong "--url: write it like https://tollbridge.example" ;;
        https://?*) ;;
        http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]* | http://\[::1\]*) ;;
        http://*) wrong "--url: tokens are sent there, so it has to be https (http only on this machine)" ;;
        *) wrong "--url: write it like https://tollbridge.example" ;;
    esac
}

github_token() {
    if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] || [ -z "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ]; then
        wrong "--github: this job may not ask for a token; give it
    permissions:
      id-token: write
  (the pull requests of forks never get it)"
    fi
    plain_token "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" || wrong "--github: ACTIONS_ID_TOKEN_REQUEST_TOKEN is no token"
    case $ACTIONS_ID_TOKEN_REQUEST_URL in *[\"\\]*) wrong "--github: ACTIONS_ID_TOKEN_REQUEST_URL is no URL" ;; esac
    config="url = \"$ACTIONS_ID_TOKEN_REQUEST_URL\"
header = \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\""
    call "GitHub's token service" --get --data-urlencode "audience=${audience:-$url}"
    [ "$status" = 200 ] || {
        say "tollbridge: GitHub gave no token (status $status)"
        exit "$UNAVAILABLE"
    }
    token=$(printf '%s' "$body" | json value) || {
        say "tollbridge: GitHub's answer holds no token"
        exit "$UNAVAILABLE"
    }
}

# https://learn.microsoft.com/azure/devops/pipelines/build/variables: System.OidcRequestUri, System.AccessToken
azure_token() {
    if [ -z "${SYSTEM_OIDCREQUESTURI:-}" ] || [ -z "${SYSTEM_ACCESSTOKEN:-}" ]; then
        wrong "--azure-devops: this step may not ask for a token; give it
    env:
      SYSTEM_ACCESSTOKEN: \$(System.AccessToken)"
    fi
    plain_token "$SYSTEM_ACCESSTOKEN" || wrong "--azure-devops: SYSTEM_ACCESSTOKEN is no token"
    case $SYSTEM_OIDCREQUESTURI in *[\"\\]*) wrong "--azure-devops: SYSTEM_OIDCREQUESTURI is no URL" ;; esac
    config="url = \"$SYSTEM_OIDCREQUESTURI?api-version=7.1\"
header = \"Authorization: Bearer $SYSTEM_ACCESSTOKEN\"
header = \"Content-Type: application/json\"
data = \"\""
    call "Azure DevOps"
    [ "$status" = 200 ] || {
        say "tollbridge: Azure DevOps gave no token (status $status)"
        exit "$UNAVAILABLE"
    }
    token=$(printf '%s' "$body" | json oidcToken) || {
        say "tollbridge: Azure DevOps's answer holds no token"
        exit "$UNAVAILABLE"
    }
}

subject_token() {
    case $source in
        file)
            [ -r "$token_file" ] || wrong "--token-file: $token_file cannot be read"
            # The line end that an editor or echo leaves is no part of it.
            token=$(cat -- "$token_file")
            ;;
        gitlab)
            eval "token=\${$gitlab_variable:-}"
            [ -n "$token" ] || wrong "--gitlab: the variable $gitlab_variable is not set; add to the job
    id_tokens:
      $gitlab_variable:
        aud: $url"
            ;;
        variable)
            eval "token=\${$token_variable:-}"
            [ -n "$token" ] || wrong "--token-variable: $token_variable is not set"
            ;;
        github) github_token ;;
        azure) azure_token ;;
    esac
    plain_token "$token" || wrong "the token holds characters that no token has"
}

next_step() {
    case $1 in
        token_replayed) printf '%s' 'Get a new token for each exchange.' ;;
        token_expired | token_too_old | signature_invalid) printf '%s' 'Get a new token just before the exchange.' ;;
        audience_mismatch) printf '%s' "Ask the platform for a token with the bridge's audience (usually its URL)." ;;
        issuer_unknown) printf '%s' 'Ask the operator to trust the issuer.' ;;
        grant_missing | target_unknown) printf '%s' 'Give the receipt to the operator. Check branch, environment and project.' ;;
        scope_refused) printf '%s' 'Ask for less, or leave --scope out.' ;;
        ttl_refused) printf '%s' 'Ask for a longer --ttl, or leave it out.' ;;
        session_refused) printf '%s' 'Ask the operator for a grant with session: {max: ...}.' ;;
        proof_required) printf '%s' 'This needs a proof of possession: use tollbridge exchange --dpop.' ;;
        *) return 1 ;;
    esac
}

# Only what fits into a line: an answer chooses no control characters of a terminal. (busybox knows no [:print:].)
line() { printf '%s' "$1" | tr -cd ' -~' | cut -c 1-300; }

# Why not, and what to do. $1: for which target, where there are several.
told() {
    reason=$(printf '%s' "$body" | json reason) || reason=
    [ -n "$reason" ] || {
        say "tollbridge: status $status without a reason; is this a bridge?"
        exit "$UNAVAILABLE"
    }
    receipt=$(printf '%s' "$body" | json receipt) || receipt=
    say "refused: $(line "$reason")${receipt:+ (receipt $(line "$receipt"))}${1:+ for $1}"
    sentence=$(printf '%s' "$body" | json error_description) && say "$(line "$sentence")"
    next=$(next_step "$reason") && say "Next: $next"
    [ -z "$receipt" ] || say "Operators see why: tollbridge receipt $(line "$receipt")"
}

refused() {
    told ''
    [ "$status" != 503 ] || exit "$UNAVAILABLE"
    exit "$NO"
}

member() {
    printf '%s' "$1" | json "$2" || {
        say "tollbridge: the answer has no $2; is this a bridge?"
        exit "$UNAVAILABLE"
    }
}

unfit() {
    take_back
    wrong "--format $format does not fit this target: its credential $1; use --format $2"
}

# Whether $format is one that this credential has.
fits() {
    case $format:$type in
        token:"$AWS" | kube-exec:"$AWS") unfit "is AWS credentials, three values" "aws-process or env" ;;
        google:"$AWS" | google:"$KUBERNETES") unfit "is no JWT" json ;;
        aws-process:"$AWS") ;;
        aws-process:*) unfit "is no AWS credentials" "token or json" ;;
        google:*) case $credential in *.*.*) ;; *) unfit "is no JWT" json ;; esac ;;
    esac
}

# Nobody will use it: it should not live on.
take_back() {
    [ -z "$from" ] || return 0
    handle=$(printf '%s' "$body" | json revocation_handle) || return 0
    plain_token "$handle" || return 0
    config="url = \"$url/revoke\"
data-urlencode = \"token=$handle\""
    call "the bridge" ${ca_file:+--cacert "$ca_file"}
}

bearer() {
    case $type in
        "$KUBERNETES") member "$credential" status.token ;;
        *) printf '%s' "$credential" ;;
    esac
}

# The JSON of the credential in the form that $format's readers want.
written() {
    case $format in
        json) printf '%s' "$body" ;;
        token) bearer ;;
        env)
            if [ "$type" = "$AWS" ]; then
                for pair in AWS_ACCESS_KEY_ID=AccessKeyId AWS_SECRET_ACCESS_KEY=SecretAccessKey AWS_SESSION_TOKEN=Token; do
                    value=$(member "$credential" "${pair#*=}") || exit
                    printf 'export %s=%s\n' "${pair%%=*}" "$(shell_quoted "$value")"
                done
                printf 'export AWS_CREDENTIAL_EXPIRATION=%s' "$(shell_quoted "$expires")"
            else
                value=$(bearer) || exit
                printf 'export TOLLBRIDGE_TOKEN=%s\n' "$(shell_quoted "$value")"
                printf 'export TOLLBRIDGE_TOKEN_EXPIRES_AT=%s' "$(shell_quoted "$expires")"
            fi
            if value=$(printf '%s' "$body" | json revocation_handle); then
                printf '\nexport TOLLBRIDGE_REVOCATION_HANDLE=%s' "$(shell_quoted "$value")"
            fi
            ;;
        aws-process)
            id=$(member "$credential" AccessKeyId) || exit
            key=$(member "$credential" SecretAccessKey) || exit
            session=$(member "$credential" Token) || exit
            printf '{"Version":1,"AccessKeyId":%s,"SecretAccessKey":%s,"SessionToken":%s,"Expiration":%s}' \
                "$(quoted "$id")" "$(quoted "$key")" "$(quoted "$session")" "$(quoted "$expires")"
            ;;
        kube-exec)
            if [ "$type" = "$KUBERNETES" ]; then
                printf '%s' "$credential"
            else
                printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"expirationTimestamp":%s,"token":%s}}' \
                    "$(quoted "$expires")" "$(quoted "$credential")"
            fi
            ;;
        google)
            printf '{"version":1,"success":true,"token_type":"%s","id_token":%s,"expiration_time":%s}' \
                "$JWT" "$(quoted "$credential")" "$(epoch "$expires")"
            ;;
    esac
}

# To a file that only its owner reads, replaced as a whole.
put() {
    # Beside the old one, because a rename does not cross file systems.
    half="$1.$$.new"
    rm -f -- "$half"
    if ! (set -C && printf '%s\n' "$2" >"$half") 2>/dev/null || ! mv -f -- "$half" "$1"; then
        rm -f -- "$half"
        say "tollbridge: $1 cannot be written"
        exit "$USAGE"
    fi
}

exchange() {
    subject_token
    config="url = \"$url/token\"
data-urlencode = \"grant_type=$EXCHANGE\"
data-urlencode = \"subject_token_type=$JWT\"
data-urlencode = \"subject_token=$token\""
    set -- --data-urlencode "audience=$target"
    [ -z "$scope" ] || set -- "$@" --data-urlencode "scope=$scope"
    [ -z "$ttl" ] || set -- "$@" --data-urlencode "ttl=$ttl"
    [ -z "$ca_file" ] || set -- "$@" --cacert "$ca_file"
    call "the bridge" "$@"
    token=
    config=
    [ "$status" = 200 ] || refused
    answered
    text=$(written) || exit
    if [ -n "$handle_out" ]; then
        put "$handle_out" "$(member "$body" revocation_handle)"
    fi
    hand_over
}

# What $body says, if it fits the format.
answered() {
    credential=$(member "$body" access_token) || exit
    expires=$(member "$body" expires_at) || exit
    type=$(member "$body" issued_token_type) || exit
    fits
}

hand_over() {
    if [ -n "$out" ]; then
        put "$out" "$text"
        issuance=$(printf '%s' "$body" | json issuance) || issuance=
        say "wrote $out: $target until $expires${issuance:+, $issuance}"
    else
        printf '%s\n' "$text"
    fi
}

# One call for all targets. A job with half of its credentials fails later, and worse: all of them or none.
exchange_all() {
    [ -w "$out_dir/." ] || wrong "--out-dir: $out_dir is no folder that can be written to"
    subject_token
    wanted=
    case $target in *[!a-z0-9.\ -]*) wrong "--target is the name of a target" ;; esac
    for name in $target; do
        # Names and numbers only: nothing that JSON, or curl's configuration, would read as something else.
        wanted="$wanted${wanted:+,}{\\\"target\\\":\\\"$name\\\"${ttl:+,\\\"ttl\\\":$ttl}}"
    done
    config="url = \"$url/credentials\"
header = \"Content-Type: application/json\"
data-binary = \"{\\\"subject_token\\\":\\\"$token\\\",\\\"targets\\\":[$wanted]}\""
    call "the bridge" ${ca_file:+--cacert "$ca_file"}
    token=
    config=
    whole=$body
    first=$status
    failed=
    n=0
    for name in $target; do
        body=$(printf '%s' "$whole" | json "results.$n") || {
            body=$whole
            refused
        }
        printf '%s' "$body" | json access_token >/dev/null || {
            failed=$name
            told "$name"
        }
        n=$((n + 1))
    done
    n=0
    for name in $target; do
        body=$(printf '%s' "$whole" | json "results.$n")
        n=$((n + 1))
        if [ -n "$failed" ]; then
            take_back
        else
            put "$out_dir/$name.json" "$body"
            say "$name until $(line "$(member "$body" expires_at)"), $(line "$(member "$body" issuance)")"
        fi
    done
    if [ -n "$failed" ]; then
        [ "$first" != 503 ] || exit "$UNAVAILABLE"
        exit "$NO"
    fi
}

# An answer of before, in another format, for whatever asks by a helper.
from_file() {
    [ -r "$from" ] || wrong "--from: $from cannot be read"
    body=$(cat -- "$from")
    if [ -n "$show" ]; then
        text=$(member "$body" "$show") || exit
    else
        answered
        if [ "$(epoch "$expires")" -le "$(date +%s)" ]; then
            say "tollbridge: the credential in $from ended at $(line "$expires")"
            exit "$UNAVAILABLE"
        fi
        text=$(written) || exit
    fi
    hand_over
}

revoke() {
    [ -r "$revoke_file" ] || wrong "--revoke: $revoke_file cannot be read"
    handle=$(cat -- "$revoke_file")
    case $handle in '{'*) handle=$(printf '%s' "$handle" | json revocation_handle) || handle= ;; esac
    plain_token "$handle" || wrong "--revoke: $revoke_file holds neither a handle nor a bridge's answer"
    config="url = \"$url/revoke\"
data-urlencode = \"token=$handle\""
    call "the bridge" ${ca_file:+--cacert "$ca_file"}
    [ "$status" = 200 ] || refused
}

chosen() {
    [ -z "$source" ] || wrong "give one of --token-file, --token-variable, --github, --gitlab and --azure-devops"
    source=$1
}

# tollbridge-session.sh uses what is above.
[ -z "${TOLLBRIDGE_AS_LIBRARY:-}" ] || return 0

url=${TOLLBRIDGE_URL:-} target='' source='' token_file='' audience='' scope='' ttl='' format=json out='' handle_out=''
revoke_file='' ca_file='' gitlab_variable=TOLLBRIDGE_ID_TOKEN out_dir='' from='' show='' token_variable=''

while [ $# -gt 0 ]; do
    flag=$1
    shift
    # --flag=value is the same as --flag value.
    case $flag in --*=*) set -- "${flag#*=}" "$@" && flag=${flag%%=*} ;; esac
    case $flag in
        --help | -h)
            usage
            exit "$DONE"
            ;;
        --github) chosen github && continue ;;
        --gitlab) chosen gitlab && continue ;;
        --azure-devops) chosen azure && continue ;;
        --dpop | --dpop-key) wrong "$flag needs elliptic curves, which a shell does not have: use tollbridge exchange" ;;
        --url | --target | --token-file | --token-variable | --gitlab-variable | --audience | --scope | --ttl | --format | --out | --out-dir | --handle-out | --from | --show | --revoke | --ca-file)
            [ $# -gt 0 ] || wrong "$flag needs a value"
            ;;
        *) wrong "$flag is no option of this script" ;;
    esac
    case $flag in
        --url) url=$1 ;;
        --target) target=$target${target:+ }$1 ;;
        --token-file) chosen file && token_file=$1 ;;
        --token-variable) chosen variable && token_variable=$1 ;;
        --gitlab-variable) gitlab_variable=$1 ;;
        --audience) audience=$1 ;;
        --scope) scope=$1 ;;
        --ttl) ttl=$1 ;;
        --format) format=$1 ;;
        --out) out=$1 ;;
        --out-dir) out_dir=$1 ;;
        --from) from=$1 ;;
        --show) show=$1 ;;
        --handle-out) handle_out=$1 ;;
        --revoke) revoke_file=$1 ;;
        --ca-file) ca_file=$1 ;;
    esac
    shift
done

command -v curl >/dev/null 2>&1 || wrong "curl is not installed"
command -v awk >/dev/null 2>&1 || wrong "awk is not installed"
[ -n "$url" ] || [ -n "$from" ] || wrong "--url is missing; give it, or set TOLLBRIDGE_URL"
url=${url%/}
[ -n "$from" ] || checked_url "$url"
[ -z "$ca_file" ] || [ -r "$ca_file" ] || wrong "--ca-file: $ca_file cannot be read"

errors=$(mktemp "${TMPDIR:-/tmp}/tollbridge.XXXXXX") || exit "$USAGE"
trap 'rm -f -- "$errors"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -n "$revoke_file" ]; then
    [ -z "$target$source" ] || wrong "--revoke goes without --target and without a token"
    revoke
    exit "$DONE"
fi

if [ -z "$from" ]; then
    [ -n "$target" ] || wrong "--target is missing"
    [ -n "$source" ] || wrong "give --token-file, --token-variable, --github, --gitlab or --azure-devops"
    case $out_dir:$target in :*' '*) wrong "several targets need --out-dir" ;; esac
    [ -z "$out_dir" ] || [ "$format$scope$out$handle_out" = json ] || wrong "--out-dir goes without --format, --scope, --out and --handle-out"
else
    [ -z "$target$source$out_dir$handle_out" ] || wrong "--from goes without an exchange"
fi
[ -z "$show" ] || [ -n "$from" ] || wrong "--show goes with --from"
case $format in json | token | env | aws-process | kube-exec | google) ;; *) wrong "--format is one of json, token, env, aws-process, kube-exec, google" ;; esac
case $ttl in *[!0-9]* | 0*) wrong "--ttl is a positive number of seconds" ;; esac
[ "$source" != variable ] || case $token_variable in '' | [0-9]* | *[!A-Za-z0-9_]*) wrong "--token-variable is the name of a variable" ;; esac
case $gitlab_variable in '' | [0-9]* | *[!A-Za-z0-9_]*) wrong "--gitlab-variable is the name of a variable" ;; esac
if [ -n "$from" ]; then
    from_file
elif [ -n "$out_dir" ]; then
    exchange_all
else
    exchange
fi
exit "$DONE"
