// Made from the control API's OpenAPI document by `npm run generate -w @sluice/api-client`. Do not edit it: a test fails when
// it is not what that document says.

export interface Schemas {
  /** the same whether or not the address is known */
  Accepted: {
    success: true;
  };
  /** the person who signed in */
  Account: {
    id: string;
    email: string;
    name: string;
    emailVerified: boolean;
  };
  AccountDeletion: {
    /** the e-mail address of the account, typed once more */
    confirm: string;
    password: string;
  };
  /** Lets callers of certain groups in, or keeps them out. */
  AclPolicy: {
    acl: {
      /** the caller must be in one of these groups */
      allow?: string[];
      /** the caller must be in none of these, whatever `allow` says */
      deny?: string[];
    };
  };
  /** Each of several ways to authenticate is needed. Lists may be nested once. */
  AllOfPolicies: {
    all: Schemas['AuthenticationPolicy'][];
  };
  /** Lets callers without a credential through, under a name of their own. Belongs into a list of `any`. */
  AnonymousPolicy: {
    anonymous: {
      /** whom such callers go on as */
      subject?: string;
      /** for the policy acl */
      groups?: string[];
      /** for the policy scopes */
      scopes?: string[];
    };
  };
  /** One of several ways to authenticate is enough. Lists may be nested once. */
  AnyOfPolicies: {
    any: Schemas['AuthenticationPolicy'][];
  };
  Api: {
    id: string;
    name: string;
    title: string;
    version: string;
    versioning: Schemas['Versioning'] | null;
    /** of every route; a route that names the same policy has its own instead */
    policies: Schemas['Policy'][];
    /** of its routes too */
    tags?: string[];
    /** how many */
    routes: number;
    /** UTC */
    createdAt: string;
    /** UTC */
    updatedAt: string;
  };
  ApiCreate: {
    name: string;
    title: string;
    version?: string;
    versioning?: Schemas['Versioning'];
    /** of every route; a route that names the same policy has its own instead */
    policies?: Schemas['Policy'][];
    /** of its routes too */
    tags?: string[];
  };
  /** Asks for an API key, which names the subscription whose plan and limits apply. */
  ApiKeyPolicy: {
    'api-key': {
      /** the header that carries the key, or several; x-api-key where no place is named. In `authorization` it follows `Bearer` or `ApiKey` */
      header?: string | string[];
      /** the query parameter that carries it, or several */
      query?: string | string[];
      /** the cookie that carries it, or several */
      cookie?: string | string[];
      /** take the key out of the request before it goes upstream */
      hide?: boolean;
    };
  };
  ApiPage: {
    items: Schemas['Api'][];
    nextCursor: string | null;
  };
  ApiPatch: {
    title?: string;
    version?: string;
    /** null: no longer told apart by version */
    versioning?: Schemas['Versioning'] | null;
    /** of every route; a route that names the same policy has its own instead */
    policies?: Schemas['Policy'][];
    /** null: none any more */
    tags?: string[] | null;
  };
  ApiSpec: {
    title: string;
    version: string;
    versioning?: Schemas['Versioning'];
    /** of every route; a route that names the same policy has its own instead */
    policies?: Schemas['Policy'][];
    /** of its routes too */
    tags?: string[];
    routes: Schemas['RouteSpec'][];
  };
  ApiSpecInput: {
    title: string;
    version?: string;
    versioning?: Schemas['Versioning'];
    /** of every route; a route that names the same policy has its own instead */
    policies?: Schemas['Policy'][];
    /** of its routes too */
    tags?: string[];
    routes: Schemas['RouteSpecInput'][];
  };
  AppCode: {
    code: string;
  };
  Application: {
    id: string;
    title: string;
    developerId: string;
    developerEmail: string;
    /** UTC */
    createdAt: string;
  };
  ApplicationCreate: {
    title: string;
  };
  ApplicationPage: {
    items: Schemas['Application'][];
    nextCursor: string | null;
  };
  ApplicationPatch: {
    title: string;
  };
  Arm: {
    name: string;
    upstream: string;
    /** basis points: 10000 is everything */
    weight: number;
  };
  ArmTraffic: {
    /** UTC */
    asOf: string;
    arms: ({
      requests: number;
      s2xx: number;
      s3xx: number;
      /** without 429 */
      s4xx: number;
      s429: number;
      s5xx: number;
      responseBytes: number;
      p50Ms: number | null;
      p95Ms: number | null;
      p99Ms: number | null;
      api: string;
      route: string;
      arm: string;
      share: number;
    })[];
  };
  AuditActor: {
    /** `person`: somebody who is no member, such as a developer; `operator`: of the platform; `system`: nobody asked for it */
    kind: 'member' | 'person' | 'service-account' | 'operator' | 'system';
    id: string | null;
    name: string | null;
    email: string | null;
    /** in the tenant, at that time */
    role: string | null;
    /** the access token that was used instead of a session */
    tokenId: string | null;
  };
  /** secrets stand as (hidden), very long values as their length */
  AuditChange: {
    object: string;
    id: string | null;
    name: string | null;
    environmentId: string | null;
    /** `none`: an event about it, such as a sign-in */
    change: 'created' | 'changed' | 'deleted' | 'none';
    /** of a change, the members that differ; null: there was nothing before */
    before: Record<string, unknown> | null;
    /** of a change, the members that differ; null: there is nothing after */
    after: Record<string, unknown> | null;
  };
  AuditContent: {
    actor: Schemas['AuditActor'];
    /** null: no request asked for it */
    from: {
      address: string;
      userAgent: string | null;
    } | null;
    changes: Schemas['AuditChange'][];
    /** of one request that changed very much: how many more there were */
    omittedChanges: number;
  };
  AuditEntry: {
    id: string;
    /** counts the entries of the tenant, in the order of their commits */
    seq: number;
    /** UTC */
    at: string;
    /** the operationId of the endpoint, or the name of an event */
    action: string;
    requestId: string | null;
    /** null: it was cleared; the chain covers its digest */
    content: Schemas['AuditContent'] | null;
    /** SHA-256 of the canonical JSON of the content */
    digest: string;
    /** hash of the entry before, or empty */
    previous: string;
    hash: string;
  };
  AuditEntryPage: {
    items: Schemas['AuditEntry'][];
    nextCursor: string | null;
  };
  AuditVerdict: {
    isIntact: boolean;
    /** how many were walked */
    entries: number;
    /** how many of them no longer say what they said */
    cleared: number;
    /** note it down elsewhere: a later verify can be asked for it */
    head: {
      seq: number;
      hash: string;
    } | null;
    firstBreak: {
      seq: number;
      because: 'entry_missing' | 'content_differs' | 'index_differs' | 'previous_differs' | 'hash_differs' | 'end_missing' | 'known_hash_differs';
      detail: string;
    } | null;
  };
  AuthenticationPolicy: Schemas['AnonymousPolicy'] | Schemas['ApiKeyPolicy'] | Schemas['BasicPolicy'] | Schemas['ForwardAuthPolicy'] | Schemas['JwtPolicy'] | Schemas['AnyOfPolicies'] | Schemas['AllOfPolicies'];
  BackupCode: {
    code: string;
  };
  BackupCodes: {
    /** each signs in once without the app; shown in this answer, and never again */
    backupCodes: string[];
  };
  /** Asks for a user name and a password, whose hashes the configuration holds. */
  BasicPolicy: {
    basic: {
      /** who may call */
      users: {
        /** the user name */
        name: string;
        /** the hash of the password: a PHC string of argon2id or scrypt, such as $argon2id$v=19$m=19456,t=2,p=1$..., or `secret:<name>` of one */
        password: string;
        /** for the policy acl */
        groups?: string[];
        /** for the policy scopes */
        scopes?: string[];
      }[];
      /** take the header Authorization out of the request before it goes upstream */
      hide?: boolean;
      /** whether the subject is looked up among the credentials: whose plan and limits apply then. `required` refuses a subject that has none */
      subscription?: 'none' | 'optional' | 'required';
      /** what the answer 401 calls this area; the name of the API without it */
      realm?: string;
    };
  };
  /** Refuses requests whose body is larger than the route takes. */
  BodyLimitPolicy: {
    'body-limit': {
      /** the most bytes that a body may have; 0: none at all */
      maxBytes?: number;
    };
  };
  ChangePassword: {
    currentPassword: string;
    newPassword: string;
  };
  /** Lets pages of other origins call the route from a browser, and answers their preflights. */
  CorsPolicy: {
    cors: {
      /** whose pages may call: exact origins, `https://*.example.com` for all below it, or `*` */
      origins: string[];
      /** that pages may use; without it: those of the route */
      methods?: string[];
      /** of requests, that pages may set; without it: whichever the browser asks for */
      headers?: string[];
      /** of answers, that pages may read; those of limits and the request id always are */
      exposeHeaders?: string[];
      /** whether pages may send cookies and HTTP authentication */
      credentials?: boolean;
      /** how long a browser may keep the answer to a preflight, in seconds */
      maxAgeS?: number;
    };
  };
  /** units that a request takes of each of its limits; 1 without it */
  Cost: number | {
    /** reserved before the request is sent */
    max: number;
    /** of the upstream's answer: says what it did cost; the rest is refunded */
    header: string;
  };
  Credential: {
    id: string;
    name: string;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    state: 'active' | 'expired' | 'revoked';
    /** what the policy `scopes` of a route may ask for */
    scopes: string[];
    /** null: never */
    expiresAt: string | null;
    /** UTC */
    createdAt: string;
    revokedAt: string | null;
    /** start of the newest recorded request with it, refused ones too. Null: none. Left out: not known now */
    lastUsedAt?: string | null;
  };
  CredentialCreate: {
    name: string;
    /** what the policy `scopes` of a route may ask for */
    scopes?: string[];
    /** UTC; gateways refuse the key from then on, also when they are cut off */
    expiresAt?: string;
  };
  CredentialImport: {
    credentials: {
      name: string;
      /** SHA-256 of the whole key, in hex */
      hash: string;
      /** by which people tell the key, such as its last four; it is kept in clear */
      hint?: string;
      /** what the policy `scopes` of a route may ask for */
      scopes?: string[];
      /** UTC; gateways refuse the key from then on, also when they are cut off */
      expiresAt?: string;
    }[];
  };
  CredentialImportResult: {
    credentials: Schemas['Credential'][];
    position: number;
  };
  CredentialPage: {
    items: Schemas['Credential'][];
    nextCursor: string | null;
  };
  CredentialPatch: {
    name?: string;
    /** what the policy `scopes` of a route may ask for */
    scopes?: string[];
    expiresAt?: string | null;
  };
  CredentialWithKey: {
    id: string;
    name: string;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    state: 'active' | 'expired' | 'revoked';
    /** what the policy `scopes` of a route may ask for */
    scopes: string[];
    /** null: never */
    expiresAt: string | null;
    /** UTC */
    createdAt: string;
    revokedAt: string | null;
    /** start of the newest recorded request with it, refused ones too. Null: none. Left out: not known now */
    lastUsedAt?: string | null;
    key: string;
    position: number;
  };
  Delivery: {
    position: number;
    liveGateways: number;
    reached: number;
    isDelivered: boolean;
  };
  Developer: {
    id: string;
    email: string;
    name: string;
    applications: number;
    /** UTC */
    createdAt: string;
  };
  DeveloperPage: {
    items: Schemas['Developer'][];
    nextCursor: string | null;
  };
  DisableTwoFactor: {
    password: string;
  };
  Document: {
    sluice: 1;
    upstreams: Record<string, Schemas['UpstreamSpec']>;
    apis: Record<string, Schemas['ApiSpec']>;
    plans: Record<string, Schemas['PlanSpec']>;
  };
  DocumentChange: {
    /** the older document's hash */
    before: string;
    /** the newer document's hash */
    after: string;
    changes: Schemas['ObjectChange'][];
    /** names of secrets that the document refers to and the environment does not have: they must be set before it can be published */
    missingSecrets: string[];
    /** true: nothing was changed */
    isDryRun: boolean;
  };
  DocumentDiff: {
    /** the older document's hash */
    before: string;
    /** the newer document's hash */
    after: string;
    changes: Schemas['ObjectChange'][];
    /** names of secrets that the document refers to and the environment does not have: they must be set before it can be published */
    missingSecrets: string[];
  };
  DocumentSource: {
    /** for editors: this schema's address */
    $schema?: string;
    /** the version of the format */
    sluice: 1;
    /** of a document that is a part of an environment: diff, apply and sync leave all else alone */
    scope?: {
      /** the document is about the objects that carry all of these; what it names gets those that it lacks */
      tags: string[];
    };
    /** where requests go, by name */
    upstreams?: Record<string, Schemas['UpstreamSpecInput']>;
    /** what is offered, by name */
    apis?: Record<string, Schemas['ApiSpecInput']>;
    /** limits for a set of APIs, by name */
    plans?: Record<string, Schemas['PlanSpecInput']>;
  };
  DocumentValidation: {
    isValid: boolean;
    /** of the revision that this document would be, published alone; of a part, that the draft would be with it; null where it is not valid */
    hash: string | null;
    errors: Schemas['FieldError'][];
    /** names of secrets that the document refers to and the environment does not have: they must be set before it can be published */
    missingSecrets: string[];
  };
  EjectionSpec: {
    /** so many 5xx answers in a row eject a target (what counts below counts here too); 0: never */
    consecutive5xx: number;
    /** the same for 502, 503, 504, answers that break off, and answers that do not begin in time; 0: never */
    consecutiveGatewayErrors: number;
    /** the same for connections that cannot be opened; 0: never */
    consecutiveConnectFailures: number;
    /** how long the first ejection lasts; the n-th in a row lasts n times as long */
    baseMs: number;
    /** no ejection lasts longer */
    maxMs: number;
    /** of the targets may be ejected at once, though always one; 0: none is ever ejected */
    maxPercent: number;
    /** when fewer of the targets than this are left, or none at all, requests go to all of them again: some may answer, and those that are well are not crushed. 0: only when none is left */
    panicPercent: number;
  };
  EjectionSpecInput: {
    /** so many 5xx answers in a row eject a target (what counts below counts here too); 0: never */
    consecutive5xx?: number;
    /** the same for 502, 503, 504, answers that break off, and answers that do not begin in time; 0: never */
    consecutiveGatewayErrors?: number;
    /** the same for connections that cannot be opened; 0: never */
    consecutiveConnectFailures?: number;
    /** how long the first ejection lasts; the n-th in a row lasts n times as long */
    baseMs?: number;
    /** no ejection lasts longer */
    maxMs?: number;
    /** of the targets may be ejected at once, though always one; 0: none is ever ejected */
    maxPercent?: number;
    /** when fewer of the targets than this are left, or none at all, requests go to all of them again: some may answer, and those that are well are not crushed. 0: only when none is left */
    panicPercent?: number;
  };
  EnableTwoFactor: {
    password: string;
  };
  Environment: {
    id: string;
    name: string;
    hosts: string[];
    publicUrl: string;
    portalUrl: string;
    live: {
      revision: number;
      hash: string;
      /** UTC */
      publishedAt: string;
    } | null;
    hasUnpublishedChanges: boolean;
    /** UTC */
    createdAt: string;
  };
  EnvironmentCreate: {
    name: string;
  };
  EnvironmentGateway: {
    id: string;
    version: string;
    /** `live`: heard of in the last 15 s. `stale`: heard of, but it has not answered the live revision 15 s after its publication; it serves an earlier one. `silent`: not heard of; it may serve what it had */
    state: 'live' | 'stale' | 'silent';
    /** the newest one of this environment that it has answered; null: none */
    revision: number | null;
    /** UTC */
    lastHeardAt: string;
  };
  EnvironmentGateways: {
    /** of the last day, by id; 1000 at most */
    items: Schemas['EnvironmentGateway'][];
  };
  EnvironmentHealth: {
    /** gateways of the fleet heard of in the last 15 s */
    liveGateways: number;
    /** as live gateways have told last: of what is published, not of the draft */
    upstreams: {
      name: string;
      targets: Schemas['TargetHealth'][];
    }[];
  };
  EnvironmentPage: {
    items: Schemas['Environment'][];
    nextCursor: string | null;
  };
  EnvironmentPatch: {
    name: string;
  };
  Explain: {
    on?: 'live' | 'draft';
    method?: string;
    /** with the host that the client would use */
    url: string;
    headers?: Record<string, string>;
    /** without it a documentation address (192.0.2.1), and the answer says so */
    clientAddress?: string;
    /** in the place of an API key, wherever the route asks for one */
    credential?: string;
    /** of a token that is taken for well signed, wherever the route asks for one */
    claims?: Record<string, unknown>;
    /** what the authentication service is taken to answer; 200 without headers otherwise */
    forwardAuth?: {
      status: number;
      headers?: Record<string, string>;
    };
    /** when the request would come; now without it. Budgets are those of now */
    at?: string;
    /** where chance decides: the same seed gives the same answer */
    seed?: number;
  };
  ExplainedLimit: {
    name: string;
    kind: 'rate' | 'window' | 'quota' | 'concurrency';
    units: number;
    /** units that the request would take */
    cost: number;
    /** units that nobody has taken yet; null: not known. Gateways hold some more, leased in advance */
    left: number | null;
    /** until it has units again, or its period ends */
    resetMs: number | null;
  };
  ExplainedReason: {
    /** explained at /reasons/<code> of the docs */
    code: string;
    sentence: string;
  };
  ExplanationOfRequest: {
    /** what would come of it, in one sentence */
    outcome: string;
    kind: 'forward' | 'answer';
    /** of an answer of the gateway's own */
    status: number | null;
    code: 'bad_request' | 'request_timeout' | 'misdirected_request' | 'unknown_host' | 'no_route' | 'method_not_allowed' | 'credential_missing' | 'credential_invalid' | 'credential_revoked' | 'credential_expired' | 'credential_repeated' | 'credentials_disagree' | 'token_malformed' | 'token_too_large' | 'token_header_refused' | 'token_algorithm_refused' | 'token_issuer_unknown' | 'token_audience_wrong' | 'token_expired' | 'token_not_yet_valid' | 'token_claim_refused' | 'token_key_unknown' | 'token_signature_invalid' | 'token_keys_unavailable' | 'identity_busy' | 'forward_auth_unavailable' | 'subject_unknown' | 'scope_missing' | 'group_denied' | 'ip_denied' | 'subscription_inactive' | 'plan_excludes_api' | 'configuration_pending' | 'limit_exceeded' | 'limit_unavailable' | 'upstream_unreachable' | 'upstream_forbidden_address' | 'upstream_failed' | 'upstream_overloaded' | 'upstream_timeout' | 'overloaded' | 'invalid_body' | 'invalid_query' | 'invalid_document' | 'unauthenticated' | 'access_token_invalid' | 'access_token_scope_missing' | 'fleet_token_invalid' | 'gateway_revoked' | 'forbidden' | 'platform_plan_exceeded' | 'tenant_suspended' | 'tenant_deleted' | 'cross_origin' | 'not_found' | 'name_taken' | 'still_in_use' | 'state_conflict' | 'precondition_failed' | 'too_large' | 'unsupported_media_type' | 'too_many_requests' | 'too_many_attempts' | 'wrong_credentials' | 'wrong_code' | 'address_unverified' | 'analytics_unavailable' | 'internal' | 'unavailable' | null;
    /** in the order in which they were found */
    reasons: Schemas['ExplainedReason'][];
    /** those that were looked at */
    limits: Schemas['ExplainedLimit'][];
    /** what was taken for good, because only a gateway could find out */
    undecidable: ({
      what: 'signature' | 'password' | 'authentication_service' | 'signed_arm' | 'client_address' | 'budget' | 'chance' | 'health';
      sentence: string;
    })[];
    on: 'live' | 'draft';
    /** that is live; the draft is judged as what would follow it */
    revision: number;
    /** UTC */
    at: string;
    api: string | null;
    route: string | null;
    applicationId: string | null;
    subscriptionId: string | null;
    credentialId: string | null;
    plan: string | null;
    /** the reasons as data, in the same order, as a record keeps them */
    facts: Record<string, unknown>[];
    /** what the upstream would get; header edits act in the order rename, remove, set, add */
    forward: {
      upstream: string;
      arm: string;
      armReason: string;
      weightVersion: number;
      path: string;
      query: string;
      requestHeaders: {
        rename: [string, string][];
        remove: string[];
        set: [string, string][];
        add: [string, string][];
      };
      answerHeaders: {
        rename: [string, string][];
        remove: string[];
        set: [string, string][];
        add: [string, string][];
      };
    } | null;
    /** what the gateway itself would answer */
    answer: {
      /** of the problem; empty when the answer is none */
      detail: string;
      headers: [string, string][];
      body: {
        contentType: string;
        text: string;
      } | null;
    } | null;
    /** objects of the document that no gateway would serve, and so took no part */
    refusals: {
      object: string;
      code: string;
      detail: string;
    }[];
  };
  ExportedDocument: {
    sluice: 1;
    /** of a document that is a part of an environment: diff, apply and sync leave all else alone */
    scope?: {
      /** the document is about the objects that carry all of these; what it names gets those that it lacks */
      tags: string[];
    };
    upstreams: Record<string, Schemas['UpstreamSpec']>;
    apis: Record<string, Schemas['ApiSpec']>;
    plans: Record<string, Schemas['PlanSpec']>;
  };
  /** Limits how many wrong credentials an address may send, and so how often it may guess. */
  FailedAuthenticationPolicy: {
    'failed-authentication': {
      /** how many refused credentials one address may send; IPv6 by /64 */
      limits: ({
        /** apart from another limit of the same kind and time */
        name?: string;
        /** units per time, evenly */
        rate?: string;
        /** of a rate: how many may come at once; without it, what one second brings, 1 at least */
        burst?: number;
        /** units per window, aligned to the Unix epoch */
        window?: string;
        /** of a window: no stretch of its length ever holds more, wherever it begins */
        sliding?: boolean;
        /** units per period of the calendar in UTC; weeks begin on Monday */
        quota?: string;
        /** of a quota: periods of the calendar (default), or counted from when the subscription began */
        anchor?: 'calendar' | 'subscription';
        /** requests at the same time */
        concurrency?: number;
        /** when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot */
        onOutage?: 'deny' | 'local';
        /** refuses nothing, and says what it would have refused */
        dryRun?: boolean;
      })[];
    };
  };
  /** Delays or aborts a share of requests on purpose, to see how clients bear it. */
  FaultPolicy: {
    fault: {
      /** before the request goes on, or is aborted */
      delay?: {
        /** how long to hold a request back */
        delayMs: number;
        /** how many of 10,000 requests */
        shareBps?: number;
      };
      /** answers without asking the upstream */
      abort?: {
        /** of the answer in the upstream’s place */
        status?: number;
        /** how many of 10,000 requests */
        shareBps?: number;
      };
      /** only requests with this header; without it: all */
      when?: {
        /** of the request */
        header: string;
        /** its whole value; without it: any */
        exact?: string;
      };
    };
  };
  /** values of secrets read `(hidden)` */
  FieldChange: {
    change: 'added' | 'changed' | 'removed';
    /** RFC 6901, from the object on */
    pointer: string;
    /** absent where it was added */
    before?: unknown;
    /** absent where it was removed */
    after?: unknown;
  };
  FieldError: {
    /** RFC 6901 pointer to the field */
    pointer: string;
    message: string;
    /** what to write instead */
    fix: string;
    /** of a text that was sent (a document): where the field is, from 1 */
    line?: number;
    /** where in that line, from 1 */
    column?: number;
  };
  FirstRun: {
    /** the API's name; it becomes the first segment of its path */
    name: string;
    title: string;
    /** `demo`: the upstream that the platform brings along, in two versions */
    upstreamUrl: string | 'demo';
  };
  FirstRunResult: {
    api: Schemas['Api'];
    revision: Schemas['Revision'];
    /** of the API, its path included */
    publicUrl: string;
    /** a path to try, below publicUrl */
    testPath: string;
    /** a key of a test application; shown this once */
    key: string;
    keyHeader: string;
    position: number;
  };
  Fleet: {
    id: string;
    head: number;
    /** how many are in each state */
    gateways: Record<string, number>;
  };
  FleetGateway: {
    id: string;
    /** `live`: heard of in the last 15 s, and it has what there is. `stale`: heard of, and behind by a change that is older than 15 s, or by all of them. `silent`: not heard of. `gone`: not for a day, or it drained before. `draining`: not ready, with requests in flight; `drained`: without. `revoked`: by the operator */
    state: 'revoked' | 'gone' | 'silent' | 'stale' | 'draining' | 'drained' | 'live';
    version: string;
    bootId: string;
    /** of the change feed, as last told; null: it has none of it */
    position: number | null;
    /** changes that it has not told to have; null: all of them */
    behind: number | null;
    /** UTC */
    lastHeardAt: string;
    registeredAt: string | null;
    /** null: let in by FLEET_TOKEN */
    registrationTokenId: string | null;
    drainAskedAt: string | null;
    revokedAt: string | null;
  };
  FleetGatewayPatch: {
    /** true: be not ready, and finish; false: as before */
    isDrainAsked?: boolean;
    /** true: it gets nothing and tells nothing any more */
    isRevoked?: boolean;
  };
  FleetGateways: {
    /** the newest position of the change feed */
    head: number;
    /** the worst first */
    items: Schemas['FleetGateway'][];
  };
  Fleets: {
    items: Schemas['Fleet'][];
  };
  /** Asks a service of yours whether a request may pass, and hands its headers on to the upstream. */
  ForwardAuthPolicy: {
    'forward-auth': {
      /** the URL of the service; it is asked with GET */
      address: string;
      /** how long to wait for it, milliseconds */
      timeoutMs?: number;
      /** headers of its answer that the upstream gets, in the place of the client's */
      authResponseHeaders?: string[];
      /** headers of the request that it gets; without this all of them, but for those in which proxies tell addresses and targets (X-Real-IP, X-Original-URL, ...) */
      authRequestHeaders?: string[];
      /** send on the client's X-Forwarded-* headers, where it has any, in the place of our own */
      trustForwardHeader?: boolean;
      /** how long its answer holds for requests that send it the very same headers, unless it sets a cookie; 0: each is asked */
      cacheMs?: number;
      /** how much of its answer goes to the client when it refuses */
      maxBodyBytes?: number;
      /** the header of its answer that names the caller */
      subjectHeader?: string;
      /** the header of its answer that lists the caller's groups, apart by commas */
      groupsHeader?: string;
    };
  };
  GatewayIdentity: {
    /** to be sent as "Authorization: Bearer <token>" */
    token: string;
    /** from now on, by whatever clock: ask for the next one before */
    expiresInMs: number;
    fleetId: string;
  };
  /** a JWK of RFC 8037 */
  GatewayPublicKey: {
    kty: 'OKP';
    crv: 'Ed25519';
    x: string;
  };
  GatewayReceipt: {
    state: 'applied' | 'refused';
    refusals: {
      object: string;
      code: string;
      detail: string;
    }[];
    gatewayId: string;
    /** UTC */
    at: string;
  };
  GatewayRegistration: {
    gatewayId: string;
    bootId: string;
    version: string;
    publicKey: Schemas['GatewayPublicKey'];
  };
  GatewayRenewal: {
    version: string;
  };
  /** Sets, adds, removes and renames headers of requests and answers; values may be made of the path, the caller and the request. */
  HeadersPolicy: {
    headers: {
      /** of the request on its way upstream; in the order rename, remove, set, add. Values may hold {path.<name>}, {claims.<name>}, {application.id}, {subscription.id}, {plan.name}, {credential.id}, {identity.subject}, {identity.issuer}, {identity.groups}, {identity.scopes}, {api.name}, {route.name}, {request.id}, {request.host}, {request.method}, {request.path}, {request.query}, {client.address}; {{ is a brace. A value that proves something to the upstream is a secret: `secret:<name>` stands for the whole of it */
      request?: {
        /** old name: new name. What came under the new name is replaced */
        rename?: Record<string, string>;
        /** names of headers to take away */
        remove?: string[];
        /** name: value, in the place of all headers of that name. Where a placeholder stands for nothing, the header is left out */
        set?: Record<string, string>;
        /** name: value, beside those that are there */
        add?: Record<string, string>;
      };
      /** of the answer on its way to the client, an upstream's or the gateway's own, a refusal too; in the same order. What the gateway says itself stands */
      response?: {
        /** old name: new name. What came under the new name is replaced */
        rename?: Record<string, string>;
        /** names of headers to take away */
        remove?: string[];
        /** name: value, in the place of all headers of that name. Where a placeholder stands for nothing, the header is left out */
        set?: Record<string, string>;
        /** name: value, beside those that are there */
        add?: Record<string, string>;
      };
    };
  };
  HealthSpec: {
    /** asked with GET, after the target's own path */
    path: string;
    /** from one check of a target to the next, give or take a tenth */
    intervalMs: number;
    /** a check that has no answer by then has failed; connecting included */
    timeoutMs: number;
    /** so many failed checks in a row: no more requests */
    unhealthyAfter: number;
    /** so many good checks in a row: requests again */
    healthyAfter: number;
    /** answers that say it is well; redirects are not followed */
    statuses: (number | '2xx' | '3xx' | '4xx')[];
  };
  HealthSpecInput: {
    /** asked with GET, after the target's own path */
    path?: string;
    /** from one check of a target to the next, give or take a tenth */
    intervalMs?: number;
    /** a check that has no answer by then has failed; connecting included */
    timeoutMs?: number;
    /** so many failed checks in a row: no more requests */
    unhealthyAfter?: number;
    /** so many good checks in a row: requests again */
    healthyAfter?: number;
    /** answers that say it is well; redirects are not followed */
    statuses?: (number | '2xx' | '3xx' | '4xx')[];
  };
  HeartbeatAnswer: {
    /** true: be not ready, until it is false again */
    isDrainAsked: boolean;
  };
  HostClaim: {
    id: string;
    /** in lower case; other scripts as Punycode, which is how routes and requests name it */
    host: string;
    /** `pending`: never proven yet. `proven`: served. `failing`: served, but its record is not found any more. `lapsed`: no longer served, because the record was missing for days */
    state: 'pending' | 'proven' | 'failing' | 'lapsed';
    /** whether the gateways answer at it once the environment is published */
    isServed: boolean;
    /** why the last look did not prove it. `missing`: there is no such record. `different`: there is one, with another value. `held`: it is there, but the host was proven for another environment before. `unanswered`: the name servers did not answer, which ends nothing */
    problem: 'missing' | 'different' | 'held' | 'unanswered' | null;
    /** what to set in the DNS of the host, and to leave there */
    record: {
      type: 'TXT';
      name: string;
      value: string;
    };
    provenAt: string | null;
    checkedAt: string | null;
    /** null: not looked for again unless asked to */
    nextCheckAt: string | null;
    /** of a failing one: from then on it lapses, unless its record is found before */
    lapsesAt: string | null;
    /** UTC */
    createdAt: string;
  };
  HostClaimCreate: {
    /** a host name, or `*.` before one for every name below it */
    host: string;
  };
  HostClaimPage: {
    items: Schemas['HostClaim'][];
    nextCursor: string | null;
  };
  HostClaimVerify: Record<string, never>;
  /** Takes requests from certain addresses and networks only, or from all but certain ones. */
  IpPolicy: {
    ip: {
      /** only these addresses and networks: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32 */
      allow?: string[];
      /** never these, whatever `allow` says */
      deny?: string[];
    };
  };
  JsonSchema: {
    $schema: string;
    $defs: Record<string, unknown>;
  };
  /** Asks for a signed token (JWT) of an issuer that you trust, and checks its signature, times and claims. */
  JwtPolicy: {
    jwt: {
      /** whose tokens are taken */
      issuers: ({
        /** the claim `iss`, letter by letter */
        issuer: string;
        /** the URL of its key set */
        jwks?: string;
        /** the key set is named at <issuer>/.well-known/openid-configuration */
        discovery?: true;
        /** its keys, written here */
        keys?: ({
          /** the name by which tokens refer to it */
          kid?: string;
          /** a public key or a certificate in PEM */
          pem?: string;
          /** a public key as JWK; of a shared secret, `k` is `secret:<name>` */
          jwk?: Record<string, unknown>;
          /** a shared secret for HS256, HS384, HS512, as `secret:<name>`: 32, 48, 64 bytes at least. Whoever knows it can sign: prefer public keys */
          secret?: string;
          /** of the secret: its UTF-8 text, or base64url of its bytes */
          encoding?: 'text' | 'base64url';
        })[];
        /** those that are taken; without it, the asymmetric ones that its keys are made for */
        algorithms?: ('RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'HS256' | 'HS384' | 'HS512')[];
        /** in the place of those of the policy */
        audiences?: string[];
      })[];
      /** the header that carries the token, or several; `authorization` where no place is named, where it follows `Bearer` */
      header?: string | string[];
      /** the query parameter that carries it, or several */
      query?: string | string[];
      /** the cookie that carries it, or several */
      cookie?: string | string[];
      /** take the token out of the request before it goes upstream */
      hide?: boolean;
      /** the claim `aud` must name one of them. Without it a token for any other API of the issuer is taken */
      audiences?: string[];
      /** times that must be there; where they are, they are always checked */
      claimsToVerify?: ('exp' | 'nbf')[];
      /** claims that must be there */
      requiredClaims?: string[];
      /** claims that must have this value, or one of these; of a claim that is a list, one must */
      claims?: Record<string, string | number | boolean | (string | number | boolean)[]>;
      /** how far the issuer's clock may be off, milliseconds */
      skewMs?: number;
      /** how long ago the token may have been issued (`iat`), milliseconds */
      maxAgeMs?: number;
      /** a larger token is refused unread */
      maxTokenBytes?: number;
      /** the claim that names the subject */
      subjectClaim?: string;
      /** the claim that lists scopes, as a list or apart by spaces; without it, `scope` or `scp` */
      scopesClaim?: string;
      /** the claim that lists groups; `realm_access.roles` also finds roles inside realm_access */
      groupsClaim?: string;
      /** whether the subject is looked up among the credentials: whose plan and limits apply then. `required` refuses a subject that has none */
      subscription?: 'none' | 'optional' | 'required';
      /** what the answer 401 calls this area; the name of the API without it */
      realm?: string;
    };
  };
  Limit: {
    /** apart from another limit of the same kind and time */
    name?: string;
    /** units per time, evenly */
    rate?: string;
    /** of a rate: how many may come at once; without it, what one second brings, 1 at least */
    burst?: number;
    /** units per window, aligned to the Unix epoch */
    window?: string;
    /** of a window: no stretch of its length ever holds more, wherever it begins */
    sliding?: boolean;
    /** units per period of the calendar in UTC; weeks begin on Monday */
    quota?: string;
    /** of a quota: periods of the calendar (default), or counted from when the subscription began */
    anchor?: 'calendar' | 'subscription';
    /** requests at the same time */
    concurrency?: number;
    /** when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot */
    onOutage: 'deny' | 'local';
    /** refuses nothing, and says what it would have refused */
    dryRun?: boolean;
  };
  LimitInput: {
    /** apart from another limit of the same kind and time */
    name?: string;
    /** units per time, evenly */
    rate?: string;
    /** of a rate: how many may come at once; without it, what one second brings, 1 at least */
    burst?: number;
    /** units per window, aligned to the Unix epoch */
    window?: string;
    /** of a window: no stretch of its length ever holds more, wherever it begins */
    sliding?: boolean;
    /** units per period of the calendar in UTC; weeks begin on Monday */
    quota?: string;
    /** of a quota: periods of the calendar (default), or counted from when the subscription began */
    anchor?: 'calendar' | 'subscription';
    /** requests at the same time */
    concurrency?: number;
    /** when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot */
    onOutage?: 'deny' | 'local';
    /** refuses nothing, and says what it would have refused */
    dryRun?: boolean;
  };
  Match: {
    /** without it: every host of the environment. `*.example.com` is any name below it */
    hosts?: string[];
    path: {
      exact: string;
    } | {
      /** whole segments: /users matches /users and /users/7, not /users2 */
      prefix: string;
    } | {
      /** bytes: /users matches /users2 as well */
      rawPrefix: string;
    } | {
      /** {name} stands for one segment, {name...} at the end for the rest: /users/{id}/orders */
      template: string;
    } | {
      /** RE2 syntax; must match the whole path */
      regex: string;
    };
    methods?: string[];
    headers?: {
      name: string;
      /** the whole value, byte by byte */
      exact?: string;
      /** RE2 syntax; must match the whole value */
      regex?: string;
      /** true: there, whatever its value; false: absent */
      present?: boolean;
    }[];
    query?: {
      name: string;
      /** the whole value, byte by byte */
      exact?: string;
      /** RE2 syntax; must match the whole value */
      regex?: string;
      /** true: there, whatever its value; false: absent */
      present?: boolean;
    }[];
    /** the higher one wins, before what is more specific; 0 without it */
    priority?: number;
  };
  Me: {
    id: string;
    email: string;
    name: string;
    memberships: ({
      tenant: string;
      title: string;
      role: Schemas['Role'];
      /** the tenant is deleted: nothing of it can be changed, and from then on it is gone for good */
      purgeAt: string | null;
    })[];
  };
  Member: {
    id: string;
    email: string;
    name: string | null;
    role: Schemas['Role'];
    state: 'invited' | 'active';
    /** UTC */
    createdAt: string;
  };
  MemberCreate: {
    email: string;
    role: Schemas['Role'];
  };
  MemberPage: {
    items: Schemas['Member'][];
    nextCursor: string | null;
  };
  MemberPatch: {
    role: Schemas['Role'];
  };
  /** Sends a copy of requests to another upstream, and drops its answers. */
  MirrorPolicy: {
    mirror: {
      /** the upstream that gets the copies */
      upstream: string;
      /** how many of 10,000 requests are copied */
      shareBps?: number;
      /** requests with a larger body are not copied */
      maxBodyBytes?: number;
    };
  };
  NewBackupCodes: {
    password: string;
  };
  ObjectChange: {
    change: 'added' | 'changed' | 'removed';
    kind: 'upstream' | 'api' | 'route' | 'plan';
    /** of a route: api/route */
    name: string;
    /** RFC 6901: of the object in the newer document, as it was sent; of a removed one, in the older document as it is exported */
    pointer: string;
    /** of a changed object; empty for one added or removed */
    fields: Schemas['FieldChange'][];
  };
  OpenApiDocument: {
    openapi: string;
    paths: Record<string, unknown>;
  };
  OperatedTenant: {
    id: string;
    slug: string;
    title: string;
    platformPlan: string;
    /** null: it is not suspended */
    suspendedAt: string | null;
    /** null: it is not deleted */
    deletion: Schemas['TenantDeletion'] | null;
    /** UTC */
    createdAt: string;
  };
  OperatedTenantPage: {
    items: Schemas['OperatedTenant'][];
    nextCursor: string | null;
  };
  OperatedTenantPatch: {
    platformPlan?: string;
    /** true: gateways serve nothing of it, and its members can only read */
    isSuspended?: boolean;
  };
  OperatedTenantWithUse: {
    id: string;
    slug: string;
    title: string;
    platformPlan: string;
    /** null: it is not suspended */
    suspendedAt: string | null;
    /** null: it is not deleted */
    deletion: Schemas['TenantDeletion'] | null;
    /** UTC */
    createdAt: string;
    use: Schemas['PlatformUse'];
  };
  OperatorRestore: {
    /** who is to own it, where nobody does any more: the last owner has deleted the account */
    owner?: string;
  };
  OwnCredentialCreate: {
    name: string;
    /** UTC; gateways refuse the key from then on, also when they are cut off */
    expiresAt?: string;
  };
  PersonalToken: {
    id: string;
    name: string;
    /** null: every tenant of which its holder is a member */
    tenant: string | null;
    /** what it may be used for; null: all that its holder may */
    actions: string[] | null;
    /** null: every environment, and what belongs to none */
    environments: string[] | null;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    /** UTC */
    createdAt: string;
    /** UTC */
    expiresAt: string;
    /** to the minute */
    lastUsedAt: string | null;
  };
  PersonalTokenCreate: {
    name: string;
    expiresInDays?: number;
    /** left out: all that the holder may */
    actions?: string[];
    /** left out: every environment. With it, only what lies below these environments */
    environments?: string[];
    /** left out: every tenant of yours */
    tenant?: string;
  };
  PersonalTokenPage: {
    items: Schemas['PersonalToken'][];
    nextCursor: string | null;
  };
  PersonalTokenWithSecret: {
    id: string;
    name: string;
    /** null: every tenant of which its holder is a member */
    tenant: string | null;
    /** what it may be used for; null: all that its holder may */
    actions: string[] | null;
    /** null: every environment, and what belongs to none */
    environments: string[] | null;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    /** UTC */
    createdAt: string;
    /** UTC */
    expiresAt: string;
    /** to the minute */
    lastUsedAt: string | null;
    /** the whole token: shown in this answer, and never again */
    token: string;
  };
  Plan: {
    id: string;
    name: string;
    title: string;
    apis: string[];
    limits: Schemas['Limit'][];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
    /** UTC */
    createdAt: string;
    /** UTC */
    updatedAt: string;
  };
  PlanCreate: {
    name: string;
    title: string;
    apis: string[];
    limits: Schemas['LimitInput'][];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  PlanPage: {
    items: Schemas['Plan'][];
    nextCursor: string | null;
  };
  PlanPut: {
    title: string;
    apis: string[];
    limits: Schemas['LimitInput'][];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  PlanSpec: {
    title: string;
    apis: string[];
    limits: Schemas['Limit'][];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  PlanSpecInput: {
    title: string;
    apis: string[];
    limits: Schemas['LimitInput'][];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  PlatformBounds: {
    /** at most; null: no bound */
    environments: number | null;
    /** at most, invitations among them; null: no bound */
    members: number | null;
    /** at most, of the drafts of all environments; null: no bound */
    routes: number | null;
    /** at most, those that are not revoked; null: no bound */
    credentials: number | null;
    /** at most, of all hosts of the tenant, exact over all gateways of its fleet; left out or null: no bound */
    requestsPerSecond?: number | null;
    /** requests that are served and recorded in a UTC day, at most, of all hosts of the tenant; left out or null: no bound */
    recordsPerDay?: number | null;
  };
  PlatformPlan: {
    name: string;
    title: string;
    bounds: Schemas['PlatformBounds'];
  };
  PlatformPlanPut: {
    title: string;
    bounds: Schemas['PlatformBounds'];
  };
  PlatformPlans: {
    items: Schemas['PlatformPlan'][];
  };
  PlatformUse: {
    environments: number;
    members: number;
    routes: number;
    credentials: number;
    /** of the requests that it may have at once, those taken at this moment; null: no bound, or nobody knows */
    requestsPerSecond: number | null;
    /** of today in UTC, those that gateways have leased in advance among them; null: no bound, or nobody knows */
    recordsPerDay: number | null;
  };
  Policy: Schemas['AclPolicy'] | Schemas['AnonymousPolicy'] | Schemas['ApiKeyPolicy'] | Schemas['BasicPolicy'] | Schemas['BodyLimitPolicy'] | Schemas['CorsPolicy'] | Schemas['FailedAuthenticationPolicy'] | Schemas['FaultPolicy'] | Schemas['ForwardAuthPolicy'] | Schemas['HeadersPolicy'] | Schemas['IpPolicy'] | Schemas['JwtPolicy'] | Schemas['MirrorPolicy'] | Schemas['RateLimitPolicy'] | Schemas['RequestIdPolicy'] | Schemas['RetriesPolicy'] | Schemas['ScopesPolicy'] | Schemas['TimeoutsPolicy'] | Schemas['AnyOfPolicies'] | Schemas['AllOfPolicies'];
  Portal: {
    tenant: {
      slug: string;
      title: string;
    };
    apis: Schemas['PortalApi'][];
    plans: Schemas['PortalPlan'][];
  };
  PortalApi: {
    name: string;
    title: string;
    version: string;
    publicUrl: string;
    keyHeader: string | null;
    /** paths to try, below publicUrl; each with the header of its key, or null when it takes none */
    operations: ({
      method: string;
      path: string;
      keyHeader: string | null;
    })[];
  };
  PortalApplication: {
    id: string;
    title: string;
    /** UTC */
    createdAt: string;
    subscriptions: Schemas['PortalSubscription'][];
  };
  PortalApplicationPage: {
    items: Schemas['PortalApplication'][];
    nextCursor: string | null;
  };
  PortalExplain: {
    method?: string;
    /** with the host that the client would use */
    url: string;
    headers?: Record<string, string>;
    /** without it a documentation address (192.0.2.1), and the answer says so */
    clientAddress?: string;
    /** of the application; without it, its newest that is active */
    credential?: string;
  };
  PortalExplanation: {
    /** what would come of it, in one sentence */
    outcome: string;
    kind: 'forward' | 'answer';
    /** of an answer of the gateway's own */
    status: number | null;
    code: 'bad_request' | 'request_timeout' | 'misdirected_request' | 'unknown_host' | 'no_route' | 'method_not_allowed' | 'credential_missing' | 'credential_invalid' | 'credential_revoked' | 'credential_expired' | 'credential_repeated' | 'credentials_disagree' | 'token_malformed' | 'token_too_large' | 'token_header_refused' | 'token_algorithm_refused' | 'token_issuer_unknown' | 'token_audience_wrong' | 'token_expired' | 'token_not_yet_valid' | 'token_claim_refused' | 'token_key_unknown' | 'token_signature_invalid' | 'token_keys_unavailable' | 'identity_busy' | 'forward_auth_unavailable' | 'subject_unknown' | 'scope_missing' | 'group_denied' | 'ip_denied' | 'subscription_inactive' | 'plan_excludes_api' | 'configuration_pending' | 'limit_exceeded' | 'limit_unavailable' | 'upstream_unreachable' | 'upstream_forbidden_address' | 'upstream_failed' | 'upstream_overloaded' | 'upstream_timeout' | 'overloaded' | 'invalid_body' | 'invalid_query' | 'invalid_document' | 'unauthenticated' | 'access_token_invalid' | 'access_token_scope_missing' | 'fleet_token_invalid' | 'gateway_revoked' | 'forbidden' | 'platform_plan_exceeded' | 'tenant_suspended' | 'tenant_deleted' | 'cross_origin' | 'not_found' | 'name_taken' | 'still_in_use' | 'state_conflict' | 'precondition_failed' | 'too_large' | 'unsupported_media_type' | 'too_many_requests' | 'too_many_attempts' | 'wrong_credentials' | 'wrong_code' | 'address_unverified' | 'analytics_unavailable' | 'internal' | 'unavailable' | null;
    /** in the order in which they were found */
    reasons: Schemas['ExplainedReason'][];
    /** those that were looked at */
    limits: Schemas['ExplainedLimit'][];
    /** what was taken for good, because only a gateway could find out */
    undecidable: ({
      what: 'signature' | 'password' | 'authentication_service' | 'signed_arm' | 'client_address' | 'budget' | 'chance' | 'health';
      sentence: string;
    })[];
  };
  PortalPlan: {
    name: string;
    title: string;
    apis: string[];
    limits: Schemas['Limit'][];
  };
  PortalSubscription: {
    id: string;
    applicationId: string;
    plan: string;
    state: 'pending' | 'active' | 'suspended' | 'cancelled';
    /** when it first became active */
    startedAt: string | null;
    /** UTC */
    createdAt: string;
    limits: Schemas['Limit'][];
    apis: Schemas['PortalApi'][];
    credentials: Schemas['Credential'][];
  };
  PresentedToken: {
    kind: 'personal' | 'service';
    id: string;
    name: string;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    /** the person, or the service account, which has no address */
    holder: {
      id: string;
      name: string;
      email: string | null;
    };
    tenant: string | null;
    /** of the service account; a person has one in each tenant */
    role: 'owner' | 'admin' | 'developer' | 'viewer' | null;
    /** what it may be used for; null: all that its holder may */
    actions: string[] | null;
    /** null: every environment, and what belongs to none */
    environments: string[] | null;
    /** UTC */
    expiresAt: string;
  };
  Problem: {
    type: string;
    title: string;
    status: number;
    detail: string;
    instance: string;
    code: 'bad_request' | 'request_timeout' | 'misdirected_request' | 'unknown_host' | 'no_route' | 'method_not_allowed' | 'credential_missing' | 'credential_invalid' | 'credential_revoked' | 'credential_expired' | 'credential_repeated' | 'credentials_disagree' | 'token_malformed' | 'token_too_large' | 'token_header_refused' | 'token_algorithm_refused' | 'token_issuer_unknown' | 'token_audience_wrong' | 'token_expired' | 'token_not_yet_valid' | 'token_claim_refused' | 'token_key_unknown' | 'token_signature_invalid' | 'token_keys_unavailable' | 'identity_busy' | 'forward_auth_unavailable' | 'subject_unknown' | 'scope_missing' | 'group_denied' | 'ip_denied' | 'subscription_inactive' | 'plan_excludes_api' | 'configuration_pending' | 'limit_exceeded' | 'limit_unavailable' | 'upstream_unreachable' | 'upstream_forbidden_address' | 'upstream_failed' | 'upstream_overloaded' | 'upstream_timeout' | 'overloaded' | 'invalid_body' | 'invalid_query' | 'invalid_document' | 'unauthenticated' | 'access_token_invalid' | 'access_token_scope_missing' | 'fleet_token_invalid' | 'gateway_revoked' | 'forbidden' | 'platform_plan_exceeded' | 'tenant_suspended' | 'tenant_deleted' | 'cross_origin' | 'not_found' | 'name_taken' | 'still_in_use' | 'state_conflict' | 'precondition_failed' | 'too_large' | 'unsupported_media_type' | 'too_many_requests' | 'too_many_attempts' | 'wrong_credentials' | 'wrong_code' | 'address_unverified' | 'analytics_unavailable' | 'internal' | 'unavailable';
    requestId: string;
    errors?: Schemas['FieldError'][];
  };
  Promote: {
    /** the name of the environment to copy from */
    from: string;
    /** the number of one of its revisions; without it: the live one */
    revision?: number;
    /** `draft`: it replaces the draft; `revision`: it also is published, in the same transaction */
    to: 'draft' | 'revision';
    /** of the revision; without it: where it came from */
    comment?: string;
  };
  Promotion: {
    /** the older document's hash */
    before: string;
    /** the newer document's hash */
    after: string;
    changes: Schemas['ObjectChange'][];
    /** names of secrets that the document refers to and the environment does not have: they must be set before it can be published */
    missingSecrets: string[];
    /** true: nothing was changed */
    isDryRun: boolean;
    source: {
      environment: string;
      revision: number;
      hash: string;
    };
    revision: Schemas['Revision'] | null;
  };
  Publish: {
    comment?: string;
  };
  Purge: {
    id: string;
    tenantId: string;
    /** null: the whole tenant */
    environmentId: string | null;
    slug: string;
    /** the tenant's title, or the environment's name */
    name: string;
    /** UTC */
    deletedAt: string;
    /** UTC */
    startedAt: string;
    /** null: it is under way */
    finishedAt: string | null;
    done: Schemas['PurgeDone'];
  };
  /** a part that is not there yet is not done */
  PurgeDone: {
    /** gateways were told that it is gone; entries of the change feed that were deleted */
    feed?: {
      entries: number;
      /** UTC */
      told: string;
    };
    /** keys of its limits in Redis; not connected: they end by themselves, with their periods */
    limits?: {
      isConnected: boolean;
      keys: number;
    };
    /** rows in ClickHouse, by table */
    records?: Record<string, number>;
    /** UTC */
    recordsGoneAt?: string;
    /** what was served, by month: numbers alone are kept */
    usage?: {
      month: string;
      requests: number;
    }[];
    /** rows in Postgres, by table */
    rows?: Record<string, number>;
    /** the end of its audit log: an export that was taken before can be checked against it */
    auditHead?: {
      seq: number;
      hash: string;
    } | null;
  };
  PurgePage: {
    items: Schemas['Purge'][];
    nextCursor: string | null;
  };
  QuickStart: {
    plan: string;
  };
  QuickStartResult: {
    application: Schemas['PortalApplication'];
    credential: Schemas['CredentialWithKey'] | null;
  };
  /** Limits how many requests go through: by who calls, by address, or of a route, an API or a tenant as a whole. */
  RateLimitPolicy: {
    'rate-limit': {
      /** all of them must have room. A request takes what its route costs, and one of `concurrency` */
      limits: ({
        /** apart from another limit of the same kind and time */
        name?: string;
        /** units per time, evenly */
        rate?: string;
        /** of a rate: how many may come at once; without it, what one second brings, 1 at least */
        burst?: number;
        /** units per window, aligned to the Unix epoch */
        window?: string;
        /** of a window: no stretch of its length ever holds more, wherever it begins */
        sliding?: boolean;
        /** units per period of the calendar in UTC; weeks begin on Monday */
        quota?: string;
        /** of a quota: periods of the calendar (default), or counted from when the subscription began */
        anchor?: 'calendar' | 'subscription';
        /** requests at the same time */
        concurrency?: number;
        /** when the limit cannot be checked: `deny` refuses once the leases are spent; `local` serves and counts the overshoot */
        onOutage?: 'deny' | 'local';
        /** refuses nothing, and says what it would have refused */
        dryRun?: boolean;
        /** what it counts for: who calls (`subscription`, `application`, `credential`, `subject`, `header:x-device`; by address where there is none of it), `ip` (IPv6 by /64), or all requests of the `route`, the `api` or the `tenant` in this environment. `ip`, `route`, `api` and `tenant` count every request, before anybody is asked who they are; the others what goes upstream */
        scope?: 'subscription' | 'application' | 'credential' | 'subject' | 'ip' | 'route' | 'api' | 'tenant' | string;
      })[];
      /** policies of the same zone share what they count by who calls or by address, as with `limit_req_zone` of NGINX; without it, each route counts apart, or each API whose policy it is */
      zone?: string;
    };
  };
  Redirect: {
    /** an absolute URL or a path; {name} of the template, {path}, {host} and {query} are filled in */
    to: string;
    status: 301 | 302 | 303 | 307 | 308;
  };
  RedirectInput: {
    /** an absolute URL or a path; {name} of the template, {path}, {host} and {query} are filled in */
    to: string;
    status?: 301 | 302 | 303 | 307 | 308;
  };
  RegistrationToken: {
    id: string;
    title: string;
    uses: number;
    mostUses: number;
    /** UTC */
    expiresAt: string;
    revokedAt: string | null;
    /** the address of the operator */
    createdBy: string;
    /** UTC */
    createdAt: string;
  };
  RegistrationTokenCreate: {
    title: string;
    /** how many gateways it lets in */
    mostUses?: number;
    expiresInHours?: number;
  };
  RegistrationTokenPage: {
    items: Schemas['RegistrationToken'][];
    nextCursor: string | null;
  };
  RegistrationTokenWithSecret: {
    id: string;
    title: string;
    uses: number;
    mostUses: number;
    /** UTC */
    expiresAt: string;
    revokedAt: string | null;
    /** the address of the operator */
    createdBy: string;
    /** UTC */
    createdAt: string;
    /** for FLEET_TOKEN of the gateway; shown here, and never again */
    token: string;
  };
  Republish: {
    /** without it: which revision was republished */
    comment?: string;
  };
  Request: {
    /** req_ and 32 hex digits, as in X-Sluice-Request-Id */
    id: string;
    /** UTC */
    time: string;
    revision: number;
    api: string;
    route: string;
    arm: string;
    plan: string;
    method: string;
    host: string;
    /** canonical path, without the query */
    path: string;
    /** as sent to the client; 499 when the client went before, or the gateway cut it off before it had answered */
    status: number;
    /** the problem's code, or empty */
    code: string;
    upstream: string;
    /** origin of the target that answered, or empty */
    target: string;
    attempts: number;
    /** whole: it was over within 10 s; end: it lasted longer, and is over; begin: it had not ended after 10 s, and no end has come since: it is under way, or its gateway was killed. Its status, duration and bytes are then those of that moment */
    phase: 'whole' | 'begin' | 'end';
    armReason: string;
    weightVersion: number;
    applicationId: string;
    subscriptionId: string;
    credentialId: string;
    gatewayId: string;
    durationMs: number;
    upstreamMs: number;
    requestBytes: number;
    responseBytes: number;
    limitName: string;
    limitLeft: number | null;
    /** each with its code, its data, and its `sentence` where this version of the control plane knows the code */
    reasons: Record<string, unknown>[];
  };
  /** Gives the upstream and the client the request's id in a header of your choice. */
  RequestIdPolicy: {
    'request-id': {
      /** the header in which the upstream and the client get the id */
      header?: string;
      /** what becomes of an id that the client sent: `keep` uses it (visible ASCII, 128 characters at most) */
      client?: 'keep' | 'replace';
    };
  };
  RequestPage: {
    items: Schemas['Request'][];
    nextCursor: string | null;
  };
  RequestReset: {
    email: string;
  };
  ResetPassword: {
    email: string;
    otp: string;
    password: string;
  };
  /** Sends a request again, to another target where there is one, when its try fails or its answer says so. */
  RetriesPolicy: {
    retries: {
      /** tries beyond the first, at most */
      attempts?: number;
      /** that may be repeated though the upstream may have seen the request */
      methods?: string[];
      /** of an answer that is worth another try */
      statuses?: number[];
      /** a body up to this size is kept for another try; larger ones are sent once */
      maxBufferBytes?: number;
      /** the longest wait before the first repetition; it doubles with each, and chance shortens it */
      backoffMs?: number;
    };
  };
  Revision: {
    id: string;
    number: number;
    hash: string;
    comment: string;
    author: string;
    /** UTC */
    createdAt: string;
    receipts: Schemas['GatewayReceipt'][];
    /** gateways of the fleet heard of in the last 15 s */
    liveGateways: number;
    /** ids of those among them that have sent no receipt for it; none, when another revision is live */
    awaited: string[];
  };
  RevisionPage: {
    items: Schemas['Revision'][];
    nextCursor: string | null;
  };
  RevisionWithDocument: {
    id: string;
    number: number;
    hash: string;
    comment: string;
    author: string;
    /** UTC */
    createdAt: string;
    receipts: Schemas['GatewayReceipt'][];
    /** gateways of the fleet heard of in the last 15 s */
    liveGateways: number;
    /** ids of those among them that have sent no receipt for it; none, when another revision is live */
    awaited: string[];
    document: Schemas['Document'];
  };
  Revocation: {
    credentials: string[];
  };
  RevocationResult: {
    revoked: number;
    position: number;
  };
  Role: 'owner' | 'admin' | 'developer' | 'viewer';
  RotatedCredential: {
    id: string;
    name: string;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    state: 'active' | 'expired' | 'revoked';
    /** what the policy `scopes` of a route may ask for */
    scopes: string[];
    /** null: never */
    expiresAt: string | null;
    /** UTC */
    createdAt: string;
    revokedAt: string | null;
    /** start of the newest recorded request with it, refused ones too. Null: none. Left out: not known now */
    lastUsedAt?: string | null;
    key: string;
    position: number;
    former: Schemas['Credential'];
  };
  Rotation: {
    /** of the new key; left out: that of the old one */
    name?: string;
    /** how long the old key goes on; 0: it is revoked at once */
    overlapMs?: number;
    /** UTC; gateways refuse the key from then on, also when they are cut off */
    expiresAt?: string;
  };
  Route: {
    id: string;
    name: string;
    match: Schemas['Match'];
    /** a prefix to take off before the request goes upstream */
    strip?: string;
    /** the path that goes upstream: {name} of the template, and {rest} for what follows the prefix, are filled in */
    rewrite?: string;
    cost?: Schemas['Cost'];
    policies: Schemas['Policy'][];
    split?: Schemas['Split'];
    redirect?: Schemas['Redirect'];
    answer?: Schemas['StaticAnswer'];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
    /** UTC */
    createdAt: string;
    /** UTC */
    updatedAt: string;
  };
  RouteCreate: Schemas['RouteSpecInput'];
  RoutePage: {
    items: Schemas['Route'][];
    nextCursor: string | null;
  };
  RoutePut: {
    match: Schemas['Match'];
    /** a prefix to take off before the request goes upstream */
    strip?: string;
    /** the path that goes upstream: {name} of the template, and {rest} for what follows the prefix, are filled in */
    rewrite?: string;
    cost?: Schemas['Cost'];
    policies?: Schemas['Policy'][];
    split?: Schemas['SplitInput'];
    redirect?: Schemas['RedirectInput'];
    answer?: Schemas['StaticAnswerInput'];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  RouteSpec: {
    name: string;
    match: Schemas['Match'];
    /** a prefix to take off before the request goes upstream */
    strip?: string;
    /** the path that goes upstream: {name} of the template, and {rest} for what follows the prefix, are filled in */
    rewrite?: string;
    cost?: Schemas['Cost'];
    policies: Schemas['Policy'][];
    split?: Schemas['Split'];
    redirect?: Schemas['Redirect'];
    answer?: Schemas['StaticAnswer'];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  RouteSpecInput: {
    name: string;
    match: Schemas['Match'];
    /** a prefix to take off before the request goes upstream */
    strip?: string;
    /** the path that goes upstream: {name} of the template, and {rest} for what follows the prefix, are filled in */
    rewrite?: string;
    cost?: Schemas['Cost'];
    policies?: Schemas['Policy'][];
    split?: Schemas['SplitInput'];
    redirect?: Schemas['RedirectInput'];
    answer?: Schemas['StaticAnswerInput'];
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  /** Asks that the caller was given certain scopes, as tokens and API keys carry them. */
  ScopesPolicy: {
    scopes: {
      /** the caller needs each of them */
      all?: string[];
      /** the caller needs one of them */
      any?: string[];
    };
  };
  /** the password is right, and there is no session yet: send a code of the app, or a backup code */
  SecondStepRequired: {
    secondStep: 'required';
  };
  /** its value is never answered */
  Secret: {
    /** what documents refer to it by: `secret:<name>` */
    name: string;
    /** counts the values that it has had */
    version: number;
    /** UTC */
    createdAt: string;
    /** when its value was set last */
    changedAt: string;
    /** what refers to it */
    usedBy: Schemas['SecretUser'][];
  };
  SecretPage: {
    items: Schemas['Secret'][];
    nextCursor: string | null;
  };
  SecretPut: {
    /** kept sealed; nobody can read it back */
    value: string;
  };
  SecretUser: {
    object: string;
    isInDraft: boolean;
    isLive: boolean;
  };
  SendCode: {
    email: string;
    type?: 'email-verification';
  };
  ServiceAccount: {
    id: string;
    name: string;
    role: Schemas['ServiceRole'];
    /** UTC */
    createdAt: string;
  };
  ServiceAccountCreate: {
    name: string;
    role: Schemas['ServiceRole'];
  };
  ServiceAccountPage: {
    items: Schemas['ServiceAccount'][];
    nextCursor: string | null;
  };
  ServiceAccountPatch: {
    role: Schemas['ServiceRole'];
  };
  ServiceRole: 'admin' | 'developer' | 'viewer';
  ServiceToken: {
    id: string;
    name: string;
    /** what it may be used for; null: all that its holder may */
    actions: string[] | null;
    /** null: every environment, and what belongs to none */
    environments: string[] | null;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    /** UTC */
    createdAt: string;
    /** UTC */
    expiresAt: string;
    /** to the minute */
    lastUsedAt: string | null;
  };
  ServiceTokenCreate: {
    name: string;
    expiresInDays?: number;
    /** left out: all that the holder may */
    actions?: string[];
    /** left out: every environment. With it, only what lies below these environments */
    environments?: string[];
  };
  ServiceTokenPage: {
    items: Schemas['ServiceToken'][];
    nextCursor: string | null;
  };
  ServiceTokenWithSecret: {
    id: string;
    name: string;
    /** what it may be used for; null: all that its holder may */
    actions: string[] | null;
    /** null: every environment, and what belongs to none */
    environments: string[] | null;
    /** prefix and last four: all that is kept in clear */
    hint: string;
    /** UTC */
    createdAt: string;
    /** UTC */
    expiresAt: string;
    /** to the minute */
    lastUsedAt: string | null;
    /** the whole token: shown in this answer, and never again */
    token: string;
  };
  SignIn: {
    email: string;
    password: string;
    rememberMe?: boolean;
  };
  SignOut: Record<string, never>;
  SignUp: {
    email: string;
    password: string;
    name?: string;
  };
  SignedIn: {
    user: Schemas['Account'];
  };
  Split: {
    /** who stays with an arm; `header:x-user` by the value of a header, `none` decides each request anew */
    sticky: 'none' | 'application' | 'ip' | 'cookie' | string;
    arms: Schemas['Arm'][];
  };
  SplitInput: {
    /** who stays with an arm; `header:x-user` by the value of a header, `none` decides each request anew */
    sticky?: 'none' | 'application' | 'ip' | 'cookie' | string;
    arms: Schemas['Arm'][];
  };
  StaticAnswer: {
    status: number;
    contentType: string;
    body: string;
  };
  StaticAnswerInput: {
    status?: number;
    contentType?: string;
    body?: string;
  };
  Subscription: {
    id: string;
    applicationId: string;
    plan: string;
    state: 'pending' | 'active' | 'suspended' | 'cancelled';
    /** when it first became active */
    startedAt: string | null;
    /** UTC */
    createdAt: string;
  };
  SubscriptionCreate: {
    plan: string;
    /** pending: its keys are refused until somebody makes it active */
    state?: 'pending' | 'active';
  };
  SubscriptionPage: {
    items: Schemas['Subscription'][];
    nextCursor: string | null;
  };
  SubscriptionPatch: {
    plan?: string;
    state?: 'pending' | 'active' | 'suspended' | 'cancelled';
  };
  TargetHealth: {
    url: string;
    /** one of several of its name; null: the name itself */
    address: string | null;
    gateways: ({
      gatewayId: string;
      /** `unknown`: it gets requests, and has answered neither one nor a check well yet. `unhealthy`: its active checks fail. `ejected`: it failed requests; it comes back by itself */
      state: 'unknown' | 'healthy' | 'unhealthy' | 'ejected';
      /** UTC */
      since: string;
      /** of its state, for people; empty: none is known */
      cause: string;
    })[];
  };
  TargetSpec: {
    /** scheme, host and port, and a path that comes before the path of each request */
    url: string;
    /** its share, beside the weights of the other targets */
    weight: number;
    /** `name` (without it): one target, whose name is looked up for each new connection. `all`: each address that DNS gives for the name is a target of its own, with the weight of the whole; they follow DNS by its TTL, within 1 to 300 s */
    resolve?: 'name' | 'all';
  };
  TargetSpecInput: {
    /** scheme, host and port, and a path that comes before the path of each request */
    url: string;
    /** its share, beside the weights of the other targets */
    weight?: number;
    /** `name` (without it): one target, whose name is looked up for each new connection. `all`: each address that DNS gives for the name is a target of its own, with the weight of the whole; they follow DNS by its TTL, within 1 to 300 s */
    resolve?: 'name' | 'all';
  };
  Tenant: {
    id: string;
    slug: string;
    title: string;
    /** UTC */
    createdAt: string;
    /** null: it is not deleted */
    deletion: Schemas['TenantDeletion'] | null;
  };
  TenantCreate: {
    slug: string;
    title: string;
  };
  TenantDeletion: {
    /** UTC */
    deletedAt: string;
    /** it can be restored until then */
    purgeAt: string;
  };
  TenantPage: {
    items: Schemas['Tenant'][];
    nextCursor: string | null;
  };
  TenantPatch: {
    title: string;
  };
  TenantPlatformPlan: {
    name: string;
    title: string;
    bounds: Schemas['PlatformBounds'];
    use: Schemas['PlatformUse'];
  };
  TenantRestore: Record<string, never>;
  /** Says how long the upstream may take: to its first byte, for one try, and for everything. */
  TimeoutsPolicy: {
    timeouts: {
      /** from having sent a try to the first byte of its answer; without it: the upstream's timeoutMs */
      firstByteMs?: number;
      /** from beginning a try, connection and body included, to the first byte of its answer */
      perTryMs?: number;
      /** all tries together, to the last byte of the answer; leave it out where answers are streams */
      totalMs?: number;
    };
  };
  Timeseries: {
    /** UTC */
    from: string;
    /** UTC */
    to: string;
    /** chosen by the server: one minute or a multiple */
    bucketMs: number;
    /** when this was read */
    asOf: string;
    /** the newest record that counts here; null: none at all */
    newest: string | null;
    totals: Schemas['Traffic'];
    /** every bucket of the range, empty ones with zeros */
    points: ({
      requests: number;
      s2xx: number;
      s3xx: number;
      /** without 429 */
      s4xx: number;
      s429: number;
      s5xx: number;
      responseBytes: number;
      p50Ms: number | null;
      p95Ms: number | null;
      p99Ms: number | null;
      /** UTC */
      time: string;
    })[];
  };
  Traffic: {
    requests: number;
    s2xx: number;
    s3xx: number;
    /** without 429 */
    s4xx: number;
    s429: number;
    s5xx: number;
    responseBytes: number;
    p50Ms: number | null;
    p95Ms: number | null;
    p99Ms: number | null;
  };
  TryCredential: {
    id: string;
    key: string;
    /** UTC */
    expiresAt: string;
    position: number;
  };
  TryCredentialCreate: Record<string, never>;
  /** whether signing in takes a code after the password */
  TwoFactor: {
    isOn: boolean;
    backupCodesLeft: number;
  };
  TwoFactorEnrolment: {
    /** otpauth://..., as a QR code holds it */
    uri: string;
    /** the same to type into the app: Base32 */
    secret: string;
    /** each signs in once without the app; shown in this answer, and never again */
    backupCodes: string[];
  };
  /** the reason stands in the audit log of every tenant of the person */
  TwoFactorRemoval: {
    email: string;
    reason: string;
  };
  Upstream: {
    id: string;
    name: string;
    /** where requests go */
    targets: Schemas['TargetSpec'][];
    /** from sending the request to the first byte of the answer */
    timeoutMs: number;
    /** `round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go */
    balance?: 'round-robin' | 'least-request' | 'consistent-hash';
    /** of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere */
    hashBy?: 'ip' | 'application' | string;
    /** active checks: each gateway asks each target; without it none does */
    health?: Schemas['HealthSpec'];
    /** targets that fail requests get none for a while; each gateway judges by what it sees */
    ejection?: Schemas['EjectionSpec'];
    /** the circuit breaker: how much each gateway sends at once */
    limits?: Schemas['UpstreamLimits'];
    /** beside `timeoutMs` */
    timeouts?: Schemas['UpstreamTimeouts'];
    /** of https:// targets */
    tls?: Schemas['UpstreamTls'];
    /** whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone */
    reuse?: 'tenant' | 'credential';
    /** how the target learns who calls */
    identity?: {
      /** true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls */
      token: boolean;
    };
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
    /** UTC */
    createdAt: string;
    /** UTC */
    updatedAt: string;
  };
  UpstreamCreate: {
    name: string;
    /** where requests go */
    targets: Schemas['TargetSpecInput'][];
    /** from sending the request to the first byte of the answer */
    timeoutMs?: number;
    /** `round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go */
    balance?: 'round-robin' | 'least-request' | 'consistent-hash';
    /** of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere */
    hashBy?: 'ip' | 'application' | string;
    /** active checks: each gateway asks each target; without it none does */
    health?: Schemas['HealthSpecInput'];
    /** targets that fail requests get none for a while; each gateway judges by what it sees */
    ejection?: Schemas['EjectionSpecInput'];
    /** the circuit breaker: how much each gateway sends at once */
    limits?: Schemas['UpstreamLimitsInput'];
    /** beside `timeoutMs` */
    timeouts?: Schemas['UpstreamTimeoutsInput'];
    /** of https:// targets */
    tls?: Schemas['UpstreamTls'];
    /** whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone */
    reuse?: 'tenant' | 'credential';
    /** how the target learns who calls */
    identity?: {
      /** true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls */
      token: boolean;
    };
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  UpstreamLimits: {
    /** to each target, in use and idle; beyond it, requests wait for one */
    connections: number;
    /** requests that wait for a connection; beyond it, they are answered upstream_overloaded */
    pending: number;
    /** in flight; beyond it, upstream_overloaded. Without it: what connections and pending allow */
    requests?: number;
    /** repetitions in flight, beside the retry budget (a fifth of the requests in flight, and 3 a second) */
    retries?: number;
  };
  UpstreamLimitsInput: {
    /** to each target, in use and idle; beyond it, requests wait for one */
    connections?: number;
    /** requests that wait for a connection; beyond it, they are answered upstream_overloaded */
    pending?: number;
    /** in flight; beyond it, upstream_overloaded. Without it: what connections and pending allow */
    requests?: number;
    /** repetitions in flight, beside the retry budget (a fifth of the requests in flight, and 3 a second) */
    retries?: number;
  };
  UpstreamPage: {
    items: Schemas['Upstream'][];
    nextCursor: string | null;
  };
  UpstreamPut: {
    /** where requests go */
    targets: Schemas['TargetSpecInput'][];
    /** from sending the request to the first byte of the answer */
    timeoutMs?: number;
    /** `round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go */
    balance?: 'round-robin' | 'least-request' | 'consistent-hash';
    /** of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere */
    hashBy?: 'ip' | 'application' | string;
    /** active checks: each gateway asks each target; without it none does */
    health?: Schemas['HealthSpecInput'];
    /** targets that fail requests get none for a while; each gateway judges by what it sees */
    ejection?: Schemas['EjectionSpecInput'];
    /** the circuit breaker: how much each gateway sends at once */
    limits?: Schemas['UpstreamLimitsInput'];
    /** beside `timeoutMs` */
    timeouts?: Schemas['UpstreamTimeoutsInput'];
    /** of https:// targets */
    tls?: Schemas['UpstreamTls'];
    /** whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone */
    reuse?: 'tenant' | 'credential';
    /** how the target learns who calls */
    identity?: {
      /** true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls */
      token: boolean;
    };
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  UpstreamSpec: {
    /** where requests go */
    targets: Schemas['TargetSpec'][];
    /** from sending the request to the first byte of the answer */
    timeoutMs: number;
    /** `round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go */
    balance?: 'round-robin' | 'least-request' | 'consistent-hash';
    /** of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere */
    hashBy?: 'ip' | 'application' | string;
    /** active checks: each gateway asks each target; without it none does */
    health?: Schemas['HealthSpec'];
    /** targets that fail requests get none for a while; each gateway judges by what it sees */
    ejection?: Schemas['EjectionSpec'];
    /** the circuit breaker: how much each gateway sends at once */
    limits?: Schemas['UpstreamLimits'];
    /** beside `timeoutMs` */
    timeouts?: Schemas['UpstreamTimeouts'];
    /** of https:// targets */
    tls?: Schemas['UpstreamTls'];
    /** whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone */
    reuse?: 'tenant' | 'credential';
    /** how the target learns who calls */
    identity?: {
      /** true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls */
      token: boolean;
    };
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  UpstreamSpecInput: {
    /** where requests go */
    targets: Schemas['TargetSpecInput'][];
    /** from sending the request to the first byte of the answer */
    timeoutMs?: number;
    /** `round-robin` (without it): in turn, by weight. `least-request`: of two drawn by lot, the one with fewer requests in flight. `consistent-hash`: who has the same `hashBy` gets the same target, and few get another one when targets come or go */
    balance?: 'round-robin' | 'least-request' | 'consistent-hash';
    /** of `consistent-hash`: `ip` (without it) is the client’s address, `application` who calls, or a header or a cookie by its name. A request that has none goes anywhere */
    hashBy?: 'ip' | 'application' | string;
    /** active checks: each gateway asks each target; without it none does */
    health?: Schemas['HealthSpecInput'];
    /** targets that fail requests get none for a while; each gateway judges by what it sees */
    ejection?: Schemas['EjectionSpecInput'];
    /** the circuit breaker: how much each gateway sends at once */
    limits?: Schemas['UpstreamLimitsInput'];
    /** beside `timeoutMs` */
    timeouts?: Schemas['UpstreamTimeoutsInput'];
    /** of https:// targets */
    tls?: Schemas['UpstreamTls'];
    /** whose requests may follow each other on one connection: those of the `tenant` (without it), or of one `credential` alone */
    reuse?: 'tenant' | 'credential';
    /** how the target learns who calls */
    identity?: {
      /** true: each request carries X-Sluice-Identity, a short-lived JWT of the gateway that says who calls */
      token: boolean;
    };
    /** words of your own, by which a part of the document can be exported and synced */
    tags?: string[];
  };
  UpstreamTimeouts: {
    /** to open a connection, TLS included */
    connectMs: number;
    /** between two pieces of an answer; what the client does not read does not count */
    idleMs: number;
    /** how long a connection that nobody uses is kept, unless the target says less: keep it below what the target does */
    keepAliveMs: number;
  };
  UpstreamTimeoutsInput: {
    /** to open a connection, TLS included */
    connectMs?: number;
    /** between two pieces of an answer; what the client does not read does not count */
    idleMs?: number;
    /** how long a connection that nobody uses is kept, unless the target says less: keep it below what the target does */
    keepAliveMs?: number;
  };
  UpstreamTls: {
    /** PEM: only certificates of these authorities are trusted, instead of the public ones */
    ca?: string;
    /** a certificate and its key, by the name under which the gateways' operator has put them: the document holds no secret */
    clientCertificate?: string;
    /** asked for and checked in the certificate; without it: the URL's host */
    serverName?: string;
    /** true: no certificate is checked, and whoever sits in between can read and change everything. For trials only */
    insecure?: boolean;
  };
  Usage: {
    /** UTC */
    from: string;
    /** UTC */
    to: string;
    /** UTC */
    asOf: string;
    totals: {
      requests: number;
      accepted: number;
      limited: number;
      refused: number;
    };
    subscriptions: {
      subscriptionId: string;
      applicationId: string;
      plan: string;
      requests: number;
      accepted: number;
      limited: number;
      refused: number;
    }[];
  };
  VerifyAddress: {
    email: string;
    otp: string;
  };
  Versioning: {
    /** `path`: /v2 before every path; `host`: v2. before the host; `header`: its value; `media-type`: Accept: application/vnd.<name>.v2+json, or ;version=v2 */
    by: 'path' | 'host' | 'header' | 'media-type';
    /** by header: its name, x-api-version without it */
    header?: string;
    /** by header or media type: also takes requests that name no version */
    isDefault?: boolean;
  };
  Weights: {
    route: string;
    version: number;
    weights: Record<string, number>;
    setBy: string | null;
    setAt: string | null;
    /** of the feed: see /v1/portal/{tenant}/delivery */
    position: number | null;
  };
  WeightsPut: {
    weights: Record<string, number>;
  };
}

export interface Operations {
  /** Traffic by arm, with each share of its route */
  analytics_arms: {
    path: {
      tenant: string;
      environment: string;
    };
    query: {
      /** UTC */
      from: string;
      /** UTC */
      to: string;
      api?: string;
      route?: string;
      arm?: string;
    };
    answer: Schemas['ArmTraffic'];
  };
  /** One recorded request, with the reasons of its decision */
  analytics_request: {
    path: {
      tenant: string;
      environment: string;
      request: string;
    };
    answer: Schemas['Request'];
  };
  /** Recorded requests, the newest first */
  analytics_requests: {
    path: {
      tenant: string;
      environment: string;
    };
    query: {
      /** UTC */
      from: string;
      /** UTC */
      to: string;
      status?: number;
      api?: string;
      route?: string;
      arm?: string;
      application?: string;
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['RequestPage'];
  };
  /** Requests, errors and latency over time */
  analytics_timeseries: {
    path: {
      tenant: string;
      environment: string;
    };
    query: {
      /** UTC */
      from: string;
      /** UTC */
      to: string;
      api?: string;
      route?: string;
      arm?: string;
    };
    answer: Schemas['Timeseries'];
  };
  /** Usage by subscription; the last 30 days unless a range is given */
  analytics_usage: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** UTC */
      from?: string;
      /** UTC */
      to?: string;
    };
    answer: Schemas['Usage'];
  };
  /** Change an API's title, version, versioning or policies */
  apis_change: {
    path: {
      tenant: string;
      environment: string;
      api: string;
    };
    body: Schemas['ApiPatch'];
    answer: Schemas['Api'];
  };
  /** Create an API */
  apis_create: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['ApiCreate'];
    answer: Schemas['Api'];
  };
  /** List APIs */
  apis_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['ApiPage'];
  };
  /** Read an API */
  apis_read: {
    path: {
      tenant: string;
      environment: string;
      api: string;
    };
    answer: Schemas['Api'];
  };
  /** Delete an API with its routes */
  apis_remove: {
    path: {
      tenant: string;
      environment: string;
      api: string;
    };
    answer: undefined;
  };
  /** Create an application of your own */
  applications_create: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['ApplicationCreate'];
    answer: Schemas['Application'];
  };
  /** List applications */
  applications_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['ApplicationPage'];
  };
  /** Read an application */
  applications_read: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    answer: Schemas['Application'];
  };
  /** Delete an application; its keys stop working at once */
  applications_remove: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    answer: undefined;
  };
  /** Change the title of an application */
  applications_rename: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    body: Schemas['ApplicationPatch'];
    answer: Schemas['Application'];
  };
  /** Export the whole audit log, oldest first, as lines of JSON */
  audit_export: {
    path: {
      tenant: string;
    };
    answer: undefined;
  };
  /** Search the audit log, newest first */
  audit_search: {
    path: {
      tenant: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
      /** id of a person or service account */
      actor?: string;
      action?: string;
      /** an id, or a word such as `plan` */
      object?: string;
      requestId?: string;
      /** UTC */
      from?: string;
      /** UTC; entries before it */
      to?: string;
    };
    answer: Schemas['AuditEntryPage'];
  };
  /** Walk the audit log and name the first broken link, if there is one */
  audit_verify: {
    path: {
      tenant: string;
    };
    query?: {
      /** with `hash`: an entry that you noted down earlier; it must still be there as it was */
      seq?: number;
      hash?: string;
    };
    answer: Schemas['AuditVerdict'];
  };
  /** Change the password; every other session ends */
  authChangePassword: {
    body: Schemas['ChangePassword'];
    answer: Schemas['SignedIn'];
  };
  /** Mail a code to set a new password with */
  authEmailOtpRequestPasswordReset: {
    body: Schemas['RequestReset'];
    answer: Schemas['Accepted'];
  };
  /** Set a new password with the mailed code; every session ends */
  authEmailOtpResetPassword: {
    body: Schemas['ResetPassword'];
    answer: Schemas['Accepted'];
  };
  /** Mail a new code; the one before stops working */
  authEmailOtpSendVerificationOtp: {
    body: Schemas['SendCode'];
    answer: Schemas['Accepted'];
  };
  /** Confirm the address with the mailed code, in the browser that signed up, and sign in */
  authEmailOtpVerifyEmail: {
    body: Schemas['VerifyAddress'];
    answer: Schemas['SignedIn'];
  };
  /** Sign in with address and password. The session is a cookie; with two-factor on, a code comes before it */
  authSignInEmail: {
    body: Schemas['SignIn'];
    answer: Schemas['SignedIn'] | Schemas['SecondStepRequired'];
  };
  /** End this session */
  authSignOut: {
    body: Schemas['SignOut'];
    answer: Schemas['Accepted'];
  };
  /** Sign up. A code is mailed; the answer is the same when the address already has an account */
  authSignUpEmail: {
    body: Schemas['SignUp'];
    answer: Schemas['Accepted'];
  };
  /** Switch two-factor off */
  authTwoFactorDisable: {
    body: Schemas['DisableTwoFactor'];
    answer: Schemas['Accepted'];
  };
  /** Begin to switch two-factor on: a secret for an authenticator app, and backup codes. A code of the app ends it */
  authTwoFactorEnable: {
    body: Schemas['EnableTwoFactor'];
    answer: Schemas['TwoFactorEnrolment'];
  };
  /** Make new backup codes; the old ones stop working */
  authTwoFactorGenerateBackupCodes: {
    body: Schemas['NewBackupCodes'];
    answer: Schemas['BackupCodes'];
  };
  /** Send a backup code instead of a code of the app. It works once */
  authTwoFactorVerifyBackupCode: {
    body: Schemas['BackupCode'];
    answer: Schemas['SignedIn'];
  };
  /** Send a code of the app: it ends a sign-in, or switches two-factor on, which ends every other session. It works once */
  authTwoFactorVerifyTotp: {
    body: Schemas['AppCode'];
    answer: Schemas['SignedIn'];
  };
  /** Rename a key, or change its scopes or its expiry */
  credentials_change: {
    path: {
      tenant: string;
      environment: string;
      credential: string;
    };
    body: Schemas['CredentialPatch'];
    answer: Schemas['Credential'];
  };
  /** Create a key: shown in this answer, and never again */
  credentials_create: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    body: Schemas['CredentialCreate'];
    answer: Schemas['CredentialWithKey'];
  };
  /** List a subscription's keys, revoked ones too */
  credentials_list: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['CredentialPage'];
  };
  /** Read what is kept of a key */
  credentials_read: {
    path: {
      tenant: string;
      environment: string;
      credential: string;
    };
    answer: Schemas['Credential'];
  };
  /** Revoke a key, for good: requests with it are refused within a second */
  credentials_revoke: {
    path: {
      tenant: string;
      environment: string;
      credential: string;
    };
    answer: undefined;
  };
  /** Replace a key: the new one is shown in this answer, the old one goes on for overlapMs */
  credentials_rotate: {
    path: {
      tenant: string;
      environment: string;
      credential: string;
    };
    body: Schemas['Rotation'];
    answer: Schemas['RotatedCredential'];
  };
  /** Delete a tenant: it is served nowhere, and purged after the days of grace */
  deletion_operatorRemove: {
    path: {
      tenant: string;
    };
    query: {
      /** the slug of the tenant, typed once more */
      confirm: string;
    };
    answer: Schemas['Tenant'];
  };
  /** Restore a deleted tenant as it was, before it is purged; one that nobody owns any more is given an owner */
  deletion_operatorRestore: {
    path: {
      tenant: string;
    };
    body: Schemas['OperatorRestore'];
    answer: Schemas['Tenant'];
  };
  /** List what was purged, and what was taken where */
  deletion_purges: {
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['PurgePage'];
  };
  /** Restore a deleted tenant as it was, before it is purged */
  deletion_restore: {
    path: {
      tenant: string;
    };
    body: Schemas['TenantRestore'];
    answer: Schemas['Tenant'];
  };
  /** How many live gateways have reached a position of the feed */
  delivery_read: {
    path: {
      tenant: string;
    };
    query: {
      position: number;
    };
    answer: Schemas['Delivery'];
  };
  /** List developers */
  developers_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['DeveloperPage'];
  };
  /** Read a developer */
  developers_read: {
    path: {
      tenant: string;
      environment: string;
      developer: string;
    };
    answer: Schemas['Developer'];
  };
  /** Remove a developer who has no applications */
  developers_remove: {
    path: {
      tenant: string;
      environment: string;
      developer: string;
    };
    answer: undefined;
  };
  /** The JSON Schema of the configuration document, for editors */
  documentSchema_read: {
    answer: Schemas['JsonSchema'];
  };
  /** Make the objects of the draft that a document names what it says; all others stay */
  document_apply: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `true`: answers what would change, and changes nothing */
      dryRun?: 'true' | 'false';
      /** only what carries all of these tags, with commas between; what the document names gets those that it lacks */
      tags?: string;
    };
    body?: Schemas['DocumentSource'];
    raw?: { contentType: 'application/json' | 'application/yaml'; text: string };
    answer: Schemas['DocumentChange'];
  };
  /** Say what applying or syncing a document would change */
  document_diff: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `draft`, `live`, or the number of a revision: what the document is compared with */
      against?: string;
      /** `apply`: what the document does not name stays; `sync`: it is removed */
      mode?: 'apply' | 'sync';
      /** only what carries all of these tags, with commas between */
      tags?: string;
    };
    body?: Schemas['DocumentSource'];
    raw?: { contentType: 'application/json' | 'application/yaml'; text: string };
    answer: Schemas['DocumentDiff'];
  };
  /** Export the draft, or a revision, as one configuration document */
  document_read: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `live`, or the number of a revision; without it: the draft */
      revision?: string;
      /** only what carries all of these tags, with commas between */
      tags?: string;
    };
    answer: Schemas['ExportedDocument'];
  };
  /** Make the draft what a document says, and remove what it does not name */
  document_sync: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `true`: answers what would change, and changes nothing */
      dryRun?: 'true' | 'false';
      /** only what carries all of these tags, with commas between; what the document names gets those that it lacks */
      tags?: string;
    };
    body?: Schemas['DocumentSource'];
    raw?: { contentType: 'application/json' | 'application/yaml'; text: string };
    answer: Schemas['DocumentChange'];
  };
  /** Say what is wrong with a document, as publishing and the gateways would */
  document_validate: {
    path: {
      tenant: string;
      environment: string;
    };
    body?: Schemas['DocumentSource'];
    raw?: { contentType: 'application/json' | 'application/yaml'; text: string };
    answer: Schemas['DocumentValidation'];
  };
  /** List the gateways that serve an environment, with those that are behind or silent */
  environmentGateways_list: {
    path: {
      tenant: string;
      environment: string;
    };
    answer: Schemas['EnvironmentGateways'];
  };
  /** Create an environment */
  environments_create: {
    path: {
      tenant: string;
    };
    body: Schemas['EnvironmentCreate'];
    answer: Schemas['Environment'];
  };
  /** List environments */
  environments_list: {
    path: {
      tenant: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['EnvironmentPage'];
  };
  /** Read an environment */
  environments_read: {
    path: {
      tenant: string;
      environment: string;
    };
    answer: Schemas['Environment'];
  };
  /** Delete an environment with everything in it */
  environments_remove: {
    path: {
      tenant: string;
      environment: string;
    };
    answer: undefined;
  };
  /** Rename an environment; its hosts change with it */
  environments_rename: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['EnvironmentPatch'];
    answer: Schemas['Environment'];
  };
  /** Delete your account: you leave every tenant, your applications and keys at portals end, and audit logs forget you */
  erasure_erase: {
    body: Schemas['AccountDeletion'];
    answer: undefined;
  };
  /** What would be decided of a request, and why, without sending it */
  explain_explain: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['Explain'];
    answer: Schemas['ExplanationOfRequest'];
  };
  /** What would be decided of a request of an application of yours, and why, without sending it */
  explain_explainOwn: {
    path: {
      tenant: string;
      application: string;
    };
    body: Schemas['PortalExplain'];
    answer: Schemas['PortalExplanation'];
  };
  /** Follow the change feed of a fleet, as lines of JSON */
  feed_follow: {
    query?: {
      /** of the last hello; without it the answer begins with a snapshot */
      historyId?: string;
      /** the last position that the gateway has */
      after?: number;
      /** of that position, as its entry or the hello of its snapshot had it; without it the answer begins with a snapshot */
      mark?: string;
    };
    answer: undefined;
  };
  /** From nothing to a public URL and a test key, in one transaction */
  firstRun_run: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['FirstRun'];
    answer: Schemas['FirstRunResult'];
  };
  /** Say that a gateway is alive, and how far it has applied the feed */
  fleet_heartbeat: {
    body: {
      gatewayId: string;
      bootId: string;
      version: string;
      historyId: string | null;
      position: number;
      /** of the commit that a position was given out by: sent with the position when a gateway comes again, it tells a database that has lost commits and gave their positions out anew */
      mark?: string;
      /** `draining`: it is not ready any more, and has requests in flight. `drained`: it has none */
      activity?: 'serving' | 'draining' | 'drained';
    };
    answer: Schemas['HeartbeatAnswer'];
  };
  /** Answer revisions: applied, or refused with the object and the reason */
  fleet_receipts: {
    body: {
      gatewayId: string;
      receipts: ({
        tenantId: string;
        environmentId: string;
        revision: number;
        revisionId: string;
        state: 'applied' | 'refused';
        refusals: {
          object: string;
          code: string;
          detail: string;
        }[];
      })[];
    };
    answer: undefined;
  };
  /** Tell the health of environments' targets, whole, where something has changed */
  fleet_upstreamHealth: {
    body: {
      gatewayId: string;
      reports: ({
        tenantId: string;
        environmentId: string;
        upstreams: ({
          name: string;
          targets: ({
            url: string;
            /** one of several of its name; null: the name itself */
            address: string | null;
            /** `unknown`: it gets requests, and has answered neither one nor a check well yet. `unhealthy`: its active checks fail. `ejected`: it failed requests; it comes back by itself */
            state: 'unknown' | 'healthy' | 'unhealthy' | 'ejected';
            /** Unix milliseconds */
            since: number;
            /** of its state, for people; empty: none is known */
            cause: string;
          })[];
        })[];
      })[];
    };
    answer: undefined;
  };
  /** Claim a host; the answer names the TXT record that proves it */
  hosts_claim: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['HostClaimCreate'];
    answer: Schemas['HostClaim'];
  };
  /** List the hosts that an environment claims, beside those that are given to it, with each one's proof */
  hosts_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['HostClaimPage'];
  };
  /** Read a claim */
  hosts_read: {
    path: {
      tenant: string;
      environment: string;
      host: string;
    };
    answer: Schemas['HostClaim'];
  };
  /** Release a host: the gateways stop answering at it, and another environment can prove it */
  hosts_release: {
    path: {
      tenant: string;
      environment: string;
      host: string;
    };
    answer: undefined;
  };
  /** Look for the record of a claim now */
  hosts_verify: {
    path: {
      tenant: string;
      environment: string;
      host: string;
    };
    body: Schemas['HostClaimVerify'];
    answer: Schemas['HostClaim'];
  };
  /** Take over keys of another system by their SHA-256: all of them, or none */
  manyCredentials_import: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    body: Schemas['CredentialImport'];
    answer: Schemas['CredentialImportResult'];
  };
  /** Revoke the keys of a list, for good: all of them, or none when one is not there */
  manyCredentials_revokeListed: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['Revocation'];
    answer: Schemas['RevocationResult'];
  };
  /** Revoke all of an application's keys, for good */
  manyCredentials_revokeOfApplication: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    answer: Schemas['RevocationResult'];
  };
  /** Revoke all of a subscription's keys, for good */
  manyCredentials_revokeOfSubscription: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    answer: Schemas['RevocationResult'];
  };
  /** Who you are, and where you are a member */
  me_read: {
    answer: Schemas['Me'];
  };
  /** Invite an address */
  members_invite: {
    path: {
      tenant: string;
    };
    body: Schemas['MemberCreate'];
    answer: Schemas['Member'];
  };
  /** List members and invitations */
  members_list: {
    path: {
      tenant: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['MemberPage'];
  };
  /** Leave, or remove a member or an invitation */
  members_remove: {
    path: {
      tenant: string;
      member: string;
    };
    answer: undefined;
  };
  /** Change a member's role */
  members_setRole: {
    path: {
      tenant: string;
      member: string;
    };
    body: Schemas['MemberPatch'];
    answer: Schemas['Member'];
  };
  /** This API as an OpenAPI 3.1 document */
  openApi_read: {
    answer: Schemas['OpenApiDocument'];
  };
  /** Drain a gateway, or revoke it; and take either back */
  operatedFleets_change: {
    path: {
      fleet: string;
      gateway: string;
    };
    body: Schemas['FleetGatewayPatch'];
    answer: Schemas['FleetGateway'];
  };
  /** Create a registration token for gateways: shown in this answer, and never again */
  operatedFleets_createToken: {
    path: {
      fleet: string;
    };
    body: Schemas['RegistrationTokenCreate'];
    answer: Schemas['RegistrationTokenWithSecret'];
  };
  /** Forget a gateway, also one that was revoked; it may register anew */
  operatedFleets_forget: {
    path: {
      fleet: string;
      gateway: string;
    };
    answer: undefined;
  };
  /** List the gateways of a fleet, those first that need somebody */
  operatedFleets_gateways: {
    path: {
      fleet: string;
    };
    answer: Schemas['FleetGateways'];
  };
  /** List the fleets, and how their gateways are */
  operatedFleets_list: {
    answer: Schemas['Fleets'];
  };
  /** Revoke a registration token; gateways that it has let in stay */
  operatedFleets_revokeToken: {
    path: {
      fleet: string;
      registrationToken: string;
    };
    answer: undefined;
  };
  /** List the registration tokens of a fleet, expired and revoked ones too */
  operatedFleets_tokens: {
    path: {
      fleet: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['RegistrationTokenPage'];
  };
  /** Put a tenant on another platform plan, suspend it, or let it go on as it was */
  operator_change: {
    path: {
      tenant: string;
    };
    body: Schemas['OperatedTenantPatch'];
    answer: Schemas['OperatedTenantWithUse'];
  };
  /** What the tenant may use at most, and uses */
  operator_planOf: {
    path: {
      tenant: string;
    };
    answer: Schemas['TenantPlatformPlan'];
  };
  /** List the platform plans */
  operator_plans: {
    answer: Schemas['PlatformPlans'];
  };
  /** Make or change a platform plan, for all tenants that are on it; `standard` is that of new ones */
  operator_putPlan: {
    path: {
      platformPlan: string;
    };
    body: Schemas['PlatformPlanPut'];
    answer: Schemas['PlatformPlan'];
  };
  /** Read a tenant, with what it uses of its platform plan */
  operator_tenant: {
    path: {
      tenant: string;
    };
    answer: Schemas['OperatedTenantWithUse'];
  };
  /** List the tenants of the platform */
  operator_tenants: {
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['OperatedTenantPage'];
  };
  /** Create an access token: shown in this answer, and never again */
  personalTokens_create: {
    body: Schemas['PersonalTokenCreate'];
    answer: Schemas['PersonalTokenWithSecret'];
  };
  /** List your access tokens, expired ones too */
  personalTokens_list: {
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['PersonalTokenPage'];
  };
  /** Revoke an access token: the next request with it is refused */
  personalTokens_revoke: {
    path: {
      personalToken: string;
    };
    answer: undefined;
  };
  /** Create a plan */
  plans_create: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['PlanCreate'];
    answer: Schemas['Plan'];
  };
  /** List plans */
  plans_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['PlanPage'];
  };
  /** Read a plan */
  plans_read: {
    path: {
      tenant: string;
      environment: string;
      plan: string;
    };
    answer: Schemas['Plan'];
  };
  /** Delete a plan */
  plans_remove: {
    path: {
      tenant: string;
      environment: string;
      plan: string;
    };
    answer: undefined;
  };
  /** Replace a plan; its limits change for everybody on it with the next publication */
  plans_replace: {
    path: {
      tenant: string;
      environment: string;
      plan: string;
    };
    body: Schemas['PlanPut'];
    answer: Schemas['Plan'];
  };
  /** Search what operators did, newest first */
  platformLog_search: {
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
      /** id of a person or service account */
      actor?: string;
      action?: string;
      /** an id, or a word such as `plan` */
      object?: string;
      requestId?: string;
      /** UTC */
      from?: string;
      /** UTC; entries before it */
      to?: string;
    };
    answer: Schemas['AuditEntryPage'];
  };
  /** Walk the log of what operators did and name the first broken link, if there is one */
  platformLog_verify: {
    query?: {
      /** with `hash`: an entry that you noted down earlier; it must still be there as it was */
      seq?: number;
      hash?: string;
    };
    answer: Schemas['AuditVerdict'];
  };
  /** Read an application of yours */
  portal_application: {
    path: {
      tenant: string;
      application: string;
    };
    answer: Schemas['PortalApplication'];
  };
  /** List your applications at this tenant */
  portal_applications: {
    path: {
      tenant: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['PortalApplicationPage'];
  };
  /** Create a key of yours: shown in this answer, and never again */
  portal_createKey: {
    path: {
      tenant: string;
      subscription: string;
    };
    body: Schemas['OwnCredentialCreate'];
    answer: Schemas['CredentialWithKey'];
  };
  /** A key of 15 minutes to try the API with: shown in this answer, and in no list */
  portal_createTryKey: {
    path: {
      tenant: string;
      subscription: string;
    };
    body: Schemas['TryCredentialCreate'];
    answer: Schemas['TryCredential'];
  };
  /** What a tenant has on offer: the APIs and plans that are live */
  portal_offer: {
    path: {
      tenant: string;
    };
    answer: Schemas['Portal'];
  };
  /** An application, a subscription and a key at once; asked for again, what there is, without a key */
  portal_quickStart: {
    path: {
      tenant: string;
    };
    body: Schemas['QuickStart'];
    answer: Schemas['QuickStartResult'];
  };
  /** Change the title of an application of yours */
  portal_rename: {
    path: {
      tenant: string;
      application: string;
    };
    body: Schemas['ApplicationPatch'];
    answer: Schemas['PortalApplication'];
  };
  /** Revoke a key of yours, for good */
  portal_revokeKey: {
    path: {
      tenant: string;
      credential: string;
    };
    answer: undefined;
  };
  /** Replace a key of yours: the new one is shown in this answer, the old one goes on for overlapMs */
  portal_rotateKey: {
    path: {
      tenant: string;
      credential: string;
    };
    body: Schemas['Rotation'];
    answer: Schemas['RotatedCredential'];
  };
  /** What an application of yours has used; the last 30 days unless a range is given */
  portal_usage: {
    path: {
      tenant: string;
      application: string;
    };
    query?: {
      /** UTC */
      from?: string;
      /** UTC */
      to?: string;
    };
    answer: Schemas['Usage'];
  };
  /** What the token of this request is, and may */
  presentedToken_read: {
    answer: Schemas['PresentedToken'];
  };
  /** Revoke the token of this request */
  presentedToken_revoke: {
    answer: undefined;
  };
  /** Copy a revision of another environment into this draft, and publish it if asked to */
  promotion_promote: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `applied`: answer when every live gateway has sent its receipt, at most 10 s later */
      wait?: 'applied' | 'no';
      /** `true`: answers what would change, and changes nothing */
      dryRun?: 'true' | 'false';
    };
    body: Schemas['Promote'];
    answer: Schemas['Promotion'];
  };
  /** Register a gateway by a registration token; it is answered with its first identity */
  registrations_register: {
    body: Schemas['GatewayRegistration'];
    answer: Schemas['GatewayIdentity'];
  };
  /** Renew a gateway's identity; the bearer is a proof that the gateway has signed with its key */
  registrations_renew: {
    body: Schemas['GatewayRenewal'];
    answer: Schemas['GatewayIdentity'];
  };
  /** Say how a revision differs from another, or from the draft */
  revisions_diff: {
    path: {
      tenant: string;
      environment: string;
      number: string;
    };
    query?: {
      /** `draft`, `live`, or the number of a revision: what this revision is compared with; without it: the revision before */
      against?: string;
    };
    answer: Schemas['DocumentDiff'];
  };
  /** List revisions, newest first */
  revisions_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['RevisionPage'];
  };
  /** Publish the draft as a revision; an unchanged draft answers with the live one */
  revisions_publish: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** `applied`: answer when every live gateway has sent its receipt, at most 10 s later */
      wait?: 'applied' | 'no';
    };
    body: Schemas['Publish'];
    answer: Schemas['Revision'];
  };
  /** Read a revision, its document and the receipts for it */
  revisions_read: {
    path: {
      tenant: string;
      environment: string;
      number: string;
    };
    answer: Schemas['RevisionWithDocument'];
  };
  /** Publish an earlier revision again, as a new one; the draft and the weights in force stay */
  revisions_republish: {
    path: {
      tenant: string;
      environment: string;
      number: string;
    };
    query?: {
      /** `applied`: answer when every live gateway has sent its receipt, at most 10 s later */
      wait?: 'applied' | 'no';
    };
    body: Schemas['Republish'];
    answer: Schemas['Revision'];
  };
  /** Create a route */
  routes_create: {
    path: {
      tenant: string;
      environment: string;
      api: string;
    };
    body: Schemas['RouteCreate'];
    answer: Schemas['Route'];
  };
  /** List an API's routes */
  routes_list: {
    path: {
      tenant: string;
      environment: string;
      api: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['RoutePage'];
  };
  /** Read a route */
  routes_read: {
    path: {
      tenant: string;
      environment: string;
      api: string;
      route: string;
    };
    answer: Schemas['Route'];
  };
  /** Delete a route */
  routes_remove: {
    path: {
      tenant: string;
      environment: string;
      api: string;
      route: string;
    };
    answer: undefined;
  };
  /** Replace a route */
  routes_replace: {
    path: {
      tenant: string;
      environment: string;
      api: string;
      route: string;
    };
    body: Schemas['RoutePut'];
    answer: Schemas['Route'];
  };
  /** List secrets: names and versions, never values */
  secrets_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['SecretPage'];
  };
  /** Read what is known of a secret, but its value */
  secrets_read: {
    path: {
      tenant: string;
      environment: string;
      secret: string;
    };
    answer: Schemas['Secret'];
  };
  /** Delete a secret that nothing refers to */
  secrets_remove: {
    path: {
      tenant: string;
      environment: string;
      secret: string;
    };
    answer: undefined;
  };
  /** Set the value of a secret; the gateways have it at once, without publishing */
  secrets_set: {
    path: {
      tenant: string;
      environment: string;
      secret: string;
    };
    body: Schemas['SecretPut'];
    answer: Schemas['Secret'];
  };
  /** Create a service account */
  serviceAccounts_create: {
    path: {
      tenant: string;
    };
    body: Schemas['ServiceAccountCreate'];
    answer: Schemas['ServiceAccount'];
  };
  /** Create a token: shown in this answer, and never again */
  serviceAccounts_createToken: {
    path: {
      tenant: string;
      account: string;
    };
    body: Schemas['ServiceTokenCreate'];
    answer: Schemas['ServiceTokenWithSecret'];
  };
  /** List service accounts */
  serviceAccounts_list: {
    path: {
      tenant: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['ServiceAccountPage'];
  };
  /** Read a service account */
  serviceAccounts_read: {
    path: {
      tenant: string;
      account: string;
    };
    answer: Schemas['ServiceAccount'];
  };
  /** Delete a service account with all of its tokens */
  serviceAccounts_remove: {
    path: {
      tenant: string;
      account: string;
    };
    answer: undefined;
  };
  /** Revoke a token: the next request with it is refused */
  serviceAccounts_revokeToken: {
    path: {
      tenant: string;
      account: string;
      serviceToken: string;
    };
    answer: undefined;
  };
  /** Change a service account's role, for all of its tokens from the next request on */
  serviceAccounts_setRole: {
    path: {
      tenant: string;
      account: string;
    };
    body: Schemas['ServiceAccountPatch'];
    answer: Schemas['ServiceAccount'];
  };
  /** List a service account's tokens, expired ones too */
  serviceAccounts_tokens: {
    path: {
      tenant: string;
      account: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['ServiceTokenPage'];
  };
  /** Move a subscription to another plan, or suspend, resume or cancel it */
  subscriptions_change: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    body: Schemas['SubscriptionPatch'];
    answer: Schemas['Subscription'];
  };
  /** Subscribe an application to a plan */
  subscriptions_create: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    body: Schemas['SubscriptionCreate'];
    answer: Schemas['Subscription'];
  };
  /** List an application's subscriptions */
  subscriptions_list: {
    path: {
      tenant: string;
      environment: string;
      application: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['SubscriptionPage'];
  };
  /** Read a subscription */
  subscriptions_read: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    answer: Schemas['Subscription'];
  };
  /** Delete a subscription; its keys stop working at once */
  subscriptions_remove: {
    path: {
      tenant: string;
      environment: string;
      subscription: string;
    };
    answer: undefined;
  };
  /** Create a tenant, with the environment `production`; you are its owner */
  tenants_create: {
    body: Schemas['TenantCreate'];
    answer: Schemas['Tenant'];
  };
  /** List your tenants */
  tenants_list: {
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['TenantPage'];
  };
  /** Read a tenant */
  tenants_read: {
    path: {
      tenant: string;
    };
    answer: Schemas['Tenant'];
  };
  /** Delete a tenant with everything in it: its hosts stop answering at once, and it is gone for good after the days of grace */
  tenants_remove: {
    path: {
      tenant: string;
    };
    query: {
      /** the slug of the tenant, typed once more */
      confirm: string;
    };
    answer: Schemas['Tenant'];
  };
  /** Change the title of a tenant */
  tenants_rename: {
    path: {
      tenant: string;
    };
    body: Schemas['TenantPatch'];
    answer: Schemas['Tenant'];
  };
  /** Whether signing in takes a code after the password, and how many backup codes are left */
  twoFactor_read: {
    answer: Schemas['TwoFactor'];
  };
  /** Take two-factor off an account whose owner has lost the app and the backup codes; every session of it ends */
  twoFactor_remove: {
    body: Schemas['TwoFactorRemoval'];
    answer: undefined;
  };
  /** Read the health of upstreams as the gateways see it */
  upstreamHealth_read: {
    path: {
      tenant: string;
      environment: string;
    };
    answer: Schemas['EnvironmentHealth'];
  };
  /** Create an upstream */
  upstreams_create: {
    path: {
      tenant: string;
      environment: string;
    };
    body: Schemas['UpstreamCreate'];
    answer: Schemas['Upstream'];
  };
  /** List upstreams */
  upstreams_list: {
    path: {
      tenant: string;
      environment: string;
    };
    query?: {
      /** nextCursor of the page before */
      cursor?: string;
      limit?: number;
    };
    answer: Schemas['UpstreamPage'];
  };
  /** Read an upstream */
  upstreams_read: {
    path: {
      tenant: string;
      environment: string;
      upstream: string;
    };
    answer: Schemas['Upstream'];
  };
  /** Delete an upstream */
  upstreams_remove: {
    path: {
      tenant: string;
      environment: string;
      upstream: string;
    };
    answer: undefined;
  };
  /** Replace an upstream */
  upstreams_replace: {
    path: {
      tenant: string;
      environment: string;
      upstream: string;
    };
    body: Schemas['UpstreamPut'];
    answer: Schemas['Upstream'];
  };
  /** Read the weights in force of a route's arms */
  weights_read: {
    path: {
      tenant: string;
      environment: string;
      api: string;
      route: string;
    };
    answer: Schemas['Weights'];
  };
  /** Set the weights of a route's arms, at once */
  weights_set: {
    path: {
      tenant: string;
      environment: string;
      api: string;
      route: string;
    };
    body: Schemas['WeightsPut'];
    answer: Schemas['Weights'];
  };
}

export const operations = {
  analytics_arms: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/analytics/arms' },
  analytics_request: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/requests/{request}' },
  analytics_requests: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/requests' },
  analytics_timeseries: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/analytics/timeseries' },
  analytics_usage: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/usage' },
  apis_change: { method: 'PATCH', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}' },
  apis_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/apis' },
  apis_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/apis' },
  apis_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}' },
  apis_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}' },
  applications_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/applications' },
  applications_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/applications' },
  applications_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}' },
  applications_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}' },
  applications_rename: { method: 'PATCH', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}' },
  audit_export: { method: 'GET', path: '/v1/tenants/{tenant}/audit-log/export' },
  audit_search: { method: 'GET', path: '/v1/tenants/{tenant}/audit-log' },
  audit_verify: { method: 'GET', path: '/v1/tenants/{tenant}/audit-log/verify' },
  authChangePassword: { method: 'POST', path: '/v1/auth/change-password' },
  authEmailOtpRequestPasswordReset: { method: 'POST', path: '/v1/auth/email-otp/request-password-reset' },
  authEmailOtpResetPassword: { method: 'POST', path: '/v1/auth/email-otp/reset-password' },
  authEmailOtpSendVerificationOtp: { method: 'POST', path: '/v1/auth/email-otp/send-verification-otp' },
  authEmailOtpVerifyEmail: { method: 'POST', path: '/v1/auth/email-otp/verify-email' },
  authSignInEmail: { method: 'POST', path: '/v1/auth/sign-in/email' },
  authSignOut: { method: 'POST', path: '/v1/auth/sign-out' },
  authSignUpEmail: { method: 'POST', path: '/v1/auth/sign-up/email' },
  authTwoFactorDisable: { method: 'POST', path: '/v1/auth/two-factor/disable' },
  authTwoFactorEnable: { method: 'POST', path: '/v1/auth/two-factor/enable' },
  authTwoFactorGenerateBackupCodes: { method: 'POST', path: '/v1/auth/two-factor/generate-backup-codes' },
  authTwoFactorVerifyBackupCode: { method: 'POST', path: '/v1/auth/two-factor/verify-backup-code' },
  authTwoFactorVerifyTotp: { method: 'POST', path: '/v1/auth/two-factor/verify-totp' },
  credentials_change: { method: 'PATCH', path: '/v1/tenants/{tenant}/environments/{environment}/credentials/{credential}' },
  credentials_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}/credentials' },
  credentials_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}/credentials' },
  credentials_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/credentials/{credential}' },
  credentials_revoke: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/credentials/{credential}' },
  credentials_rotate: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/credentials/{credential}/rotate' },
  deletion_operatorRemove: { method: 'DELETE', path: '/v1/operator/tenants/{tenant}' },
  deletion_operatorRestore: { method: 'POST', path: '/v1/operator/tenants/{tenant}/restore' },
  deletion_purges: { method: 'GET', path: '/v1/operator/purges' },
  deletion_restore: { method: 'POST', path: '/v1/tenants/{tenant}/restore' },
  delivery_read: { method: 'GET', path: '/v1/portal/{tenant}/delivery' },
  developers_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/developers' },
  developers_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/developers/{developer}' },
  developers_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/developers/{developer}' },
  documentSchema_read: { method: 'GET', path: '/v1/document.schema.json' },
  document_apply: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/document/apply' },
  document_diff: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/document/diff' },
  document_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/document' },
  document_sync: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/document/sync' },
  document_validate: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/document/validate' },
  environmentGateways_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/gateways' },
  environments_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments' },
  environments_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments' },
  environments_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}' },
  environments_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}' },
  environments_rename: { method: 'PATCH', path: '/v1/tenants/{tenant}/environments/{environment}' },
  erasure_erase: { method: 'POST', path: '/v1/me/deletion' },
  explain_explain: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/explain' },
  explain_explainOwn: { method: 'POST', path: '/v1/portal/{tenant}/applications/{application}/explain' },
  feed_follow: { method: 'GET', path: '/v1/fleet/feed' },
  firstRun_run: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/first-run' },
  fleet_heartbeat: { method: 'POST', path: '/v1/fleet/heartbeats' },
  fleet_receipts: { method: 'POST', path: '/v1/fleet/receipts' },
  fleet_upstreamHealth: { method: 'POST', path: '/v1/fleet/upstream-health' },
  hosts_claim: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/hosts' },
  hosts_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/hosts' },
  hosts_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/hosts/{host}' },
  hosts_release: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/hosts/{host}' },
  hosts_verify: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/hosts/{host}/verify' },
  manyCredentials_import: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}/credentials/import' },
  manyCredentials_revokeListed: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/credentials/revoke' },
  manyCredentials_revokeOfApplication: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}/credentials' },
  manyCredentials_revokeOfSubscription: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}/credentials' },
  me_read: { method: 'GET', path: '/v1/me' },
  members_invite: { method: 'POST', path: '/v1/tenants/{tenant}/members' },
  members_list: { method: 'GET', path: '/v1/tenants/{tenant}/members' },
  members_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/members/{member}' },
  members_setRole: { method: 'PATCH', path: '/v1/tenants/{tenant}/members/{member}' },
  openApi_read: { method: 'GET', path: '/v1/openapi.json' },
  operatedFleets_change: { method: 'PATCH', path: '/v1/operator/fleets/{fleet}/gateways/{gateway}' },
  operatedFleets_createToken: { method: 'POST', path: '/v1/operator/fleets/{fleet}/registration-tokens' },
  operatedFleets_forget: { method: 'DELETE', path: '/v1/operator/fleets/{fleet}/gateways/{gateway}' },
  operatedFleets_gateways: { method: 'GET', path: '/v1/operator/fleets/{fleet}/gateways' },
  operatedFleets_list: { method: 'GET', path: '/v1/operator/fleets' },
  operatedFleets_revokeToken: { method: 'DELETE', path: '/v1/operator/fleets/{fleet}/registration-tokens/{registrationToken}' },
  operatedFleets_tokens: { method: 'GET', path: '/v1/operator/fleets/{fleet}/registration-tokens' },
  operator_change: { method: 'PATCH', path: '/v1/operator/tenants/{tenant}' },
  operator_planOf: { method: 'GET', path: '/v1/tenants/{tenant}/platform-plan' },
  operator_plans: { method: 'GET', path: '/v1/operator/platform-plans' },
  operator_putPlan: { method: 'PUT', path: '/v1/operator/platform-plans/{platformPlan}' },
  operator_tenant: { method: 'GET', path: '/v1/operator/tenants/{tenant}' },
  operator_tenants: { method: 'GET', path: '/v1/operator/tenants' },
  personalTokens_create: { method: 'POST', path: '/v1/me/tokens' },
  personalTokens_list: { method: 'GET', path: '/v1/me/tokens' },
  personalTokens_revoke: { method: 'DELETE', path: '/v1/me/tokens/{personalToken}' },
  plans_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/plans' },
  plans_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/plans' },
  plans_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/plans/{plan}' },
  plans_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/plans/{plan}' },
  plans_replace: { method: 'PUT', path: '/v1/tenants/{tenant}/environments/{environment}/plans/{plan}' },
  platformLog_search: { method: 'GET', path: '/v1/operator/audit-log' },
  platformLog_verify: { method: 'GET', path: '/v1/operator/audit-log/verify' },
  portal_application: { method: 'GET', path: '/v1/portal/{tenant}/applications/{application}' },
  portal_applications: { method: 'GET', path: '/v1/portal/{tenant}/applications' },
  portal_createKey: { method: 'POST', path: '/v1/portal/{tenant}/subscriptions/{subscription}/credentials' },
  portal_createTryKey: { method: 'POST', path: '/v1/portal/{tenant}/subscriptions/{subscription}/try-credential' },
  portal_offer: { method: 'GET', path: '/v1/portal/{tenant}' },
  portal_quickStart: { method: 'POST', path: '/v1/portal/{tenant}/quick-start' },
  portal_rename: { method: 'PATCH', path: '/v1/portal/{tenant}/applications/{application}' },
  portal_revokeKey: { method: 'DELETE', path: '/v1/portal/{tenant}/credentials/{credential}' },
  portal_rotateKey: { method: 'POST', path: '/v1/portal/{tenant}/credentials/{credential}/rotate' },
  portal_usage: { method: 'GET', path: '/v1/portal/{tenant}/applications/{application}/usage' },
  presentedToken_read: { method: 'GET', path: '/v1/token' },
  presentedToken_revoke: { method: 'DELETE', path: '/v1/token' },
  promotion_promote: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/promote' },
  registrations_register: { method: 'POST', path: '/v1/fleet/gateways' },
  registrations_renew: { method: 'POST', path: '/v1/fleet/identities' },
  revisions_diff: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/revisions/{number}/diff' },
  revisions_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/revisions' },
  revisions_publish: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/publish' },
  revisions_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/revisions/{number}' },
  revisions_republish: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/revisions/{number}/republish' },
  routes_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes' },
  routes_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes' },
  routes_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes/{route}' },
  routes_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes/{route}' },
  routes_replace: { method: 'PUT', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes/{route}' },
  secrets_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/secrets' },
  secrets_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/secrets/{secret}' },
  secrets_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/secrets/{secret}' },
  secrets_set: { method: 'PUT', path: '/v1/tenants/{tenant}/environments/{environment}/secrets/{secret}' },
  serviceAccounts_create: { method: 'POST', path: '/v1/tenants/{tenant}/service-accounts' },
  serviceAccounts_createToken: { method: 'POST', path: '/v1/tenants/{tenant}/service-accounts/{account}/tokens' },
  serviceAccounts_list: { method: 'GET', path: '/v1/tenants/{tenant}/service-accounts' },
  serviceAccounts_read: { method: 'GET', path: '/v1/tenants/{tenant}/service-accounts/{account}' },
  serviceAccounts_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/service-accounts/{account}' },
  serviceAccounts_revokeToken: { method: 'DELETE', path: '/v1/tenants/{tenant}/service-accounts/{account}/tokens/{serviceToken}' },
  serviceAccounts_setRole: { method: 'PATCH', path: '/v1/tenants/{tenant}/service-accounts/{account}' },
  serviceAccounts_tokens: { method: 'GET', path: '/v1/tenants/{tenant}/service-accounts/{account}/tokens' },
  subscriptions_change: { method: 'PATCH', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}' },
  subscriptions_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}/subscriptions' },
  subscriptions_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/applications/{application}/subscriptions' },
  subscriptions_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}' },
  subscriptions_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/subscriptions/{subscription}' },
  tenants_create: { method: 'POST', path: '/v1/tenants' },
  tenants_list: { method: 'GET', path: '/v1/tenants' },
  tenants_read: { method: 'GET', path: '/v1/tenants/{tenant}' },
  tenants_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}' },
  tenants_rename: { method: 'PATCH', path: '/v1/tenants/{tenant}' },
  twoFactor_read: { method: 'GET', path: '/v1/me/two-factor' },
  twoFactor_remove: { method: 'POST', path: '/v1/operator/two-factor-removals' },
  upstreamHealth_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/upstream-health' },
  upstreams_create: { method: 'POST', path: '/v1/tenants/{tenant}/environments/{environment}/upstreams' },
  upstreams_list: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/upstreams' },
  upstreams_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/upstreams/{upstream}' },
  upstreams_remove: { method: 'DELETE', path: '/v1/tenants/{tenant}/environments/{environment}/upstreams/{upstream}' },
  upstreams_replace: { method: 'PUT', path: '/v1/tenants/{tenant}/environments/{environment}/upstreams/{upstream}' },
  weights_read: { method: 'GET', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes/{route}/weights' },
  weights_set: { method: 'PUT', path: '/v1/tenants/{tenant}/environments/{environment}/apis/{api}/routes/{route}/weights' },
} as const satisfies Record<keyof Operations, { readonly method: string; readonly path: string }>;
