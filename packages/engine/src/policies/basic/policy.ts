// Who calls: a user name and a password (RFC 7617). An unknown user costs the same work as a wrong password, and the answer
// is the same, so that nobody can find out names.
import { mapSubject } from '../../map-subject.js';
import type { SubjectRule } from '../../map-subject.js';
import { dummyHash, passwordHashFault } from '../../password-hash.js';
import type { PasswordHashFault } from '../../password-hash.js';
import { authenticationPolicy } from '../../policy.js';
import type { CompileContext, Proof, Unproven } from '../../policy.js';
import type { NeedEnd, Progress } from '../../progress.js';
import { isBasic, readBasic } from './credentials.js';
import type { BasicSettings } from './schema.js';
import { basicSchema } from './schema.js';

const hashOfNothing =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

interface User {
  readonly hash: string;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
}

interface CompiledBasic {
  readonly users: ReadonlyMap<string, User>;
  /** What the password of an unknown user is checked against. */
  readonly dummy: string;
  readonly isHidden: boolean;
  readonly subscription: SubjectRule;
  readonly realm: string;
}

export const basic = authenticationPolicy<BasicSettings, CompiledBasic>({
  name: 'basic',
  summary: 'Asks for a user name and a password, whose hashes the configuration holds.',
  schema: basicSchema,
  // A hash is not the password: it may stand in the configuration, where those who may change it see it.
  secrets: [{ at: ['users', '*', 'password'], standIn: hashOfNothing }],
  effort: 'password',
  compile: ({ users, hide, subscription, realm }, { api, report }) => {
    users.forEach((user, index) => reportUser(user, index, users, report));
    return {
      users: new Map(users.map(({ name, password, groups, scopes }) => [name, { hash: password, groups, scopes }])),
      dummy: dummyHash(users[0]?.password ?? ''),
      isHidden: hide,
      subscription,
      realm: realm ?? api,
    };
  },
  conceal: ({ isHidden }, { request, upstreamEdits }) => {
    if (isHidden && isBasic(request.header('authorization'))) upstreamEdits.remove.push('authorization');
  },
  authenticate: (compiled, progress) => {
    const header = progress.request.header('authorization');
    if (!isBasic(header)) {
      progress.reasons.push({ code: 'password_missing' });
      return unproven(compiled, 'absent', 'credential_missing', 'Send a user name and a password (Basic).');
    }
    // No other that a client may have put beside it.
    if (!compiled.isHidden) progress.upstreamEdits.set.push(['authorization', header]);
    return proofOf(compiled, header, progress);
  },
});

function proofOf(compiled: CompiledBasic, header: string, progress: Progress): Proof | NeedEnd {
  const { reasons, facts } = progress;
  const sent = readBasic(header);
  if (sent === undefined) {
    reasons.push({ code: 'password_malformed' });
    return unproven(
      compiled,
      'refused',
      'credential_invalid',
      'The header Authorization must hold Basic and the base64 of user:password, in UTF-8.',
    );
  }
  const user = compiled.users.get(sent.user);
  const hash = user?.hash ?? compiled.dummy;
  const fact = facts.password(hash, sent.password);
  if (fact === undefined) return { kind: 'need', need: 'password', hash, password: sent.password };
  if (fact === 'busy') {
    reasons.push({ code: 'password_busy' });
    const detail = 'Too many passwords are being checked. Try again in a second.';
    return { kind: 'unavailable', code: 'identity_busy', detail, challenges: [], retryAfterS: 1 };
  }
  if (user === undefined || fact === 'wrong') {
    reasons.push({ code: 'password_wrong' });
    return unproven(compiled, 'refused', 'credential_invalid', 'The user name or the password is wrong.');
  }
  reasons.push({ code: 'password_accepted', user: sent.user });
  return identityOf(compiled, sent.user, user, progress);
}

function identityOf({ subscription, realm }: CompiledBasic, name: string, user: User, progress: Progress): Proof {
  const issuer = `basic:${realm}`;
  const mapped = mapSubject(subscription, issuer, name, progress);
  if (mapped.kind !== 'mapped') return mapped;
  const { credentialId, subscriptionId } = mapped;
  const { scopes, groups } = user;
  return {
    kind: 'proven',
    identity: { by: 'basic', subject: name, issuer, credentialId, subscriptionId, scopes, groups, claims: {} },
  };
}

function unproven(
  { realm }: CompiledBasic,
  kind: 'absent' | 'refused',
  code: Unproven['code'],
  detail: string,
): Unproven {
  return { kind, code, detail, challenges: [`Basic realm="${realm}", charset="UTF-8"`] };
}

function reportUser(
  { name, password }: BasicSettings['users'][number],
  index: number,
  users: BasicSettings['users'],
  report: CompileContext['report'],
): void {
  if (users.findIndex((other) => other.name === name) < index)
    report(['users', index, 'name'], `the user ${name} is there twice`, 'keep one of them');
  const fault = passwordHashFault(password);
  if (fault !== undefined)
    report(
      ['users', index, 'password'],
      faultInWords[fault],
      'write a PHC string such as $argon2id$v=19$m=19456,t=2,p=1$...',
    );
}

const faultInWords: Readonly<Record<PasswordHashFault, string>> = {
  unknown: 'this is no hash of argon2id or scrypt; a password never stands in the configuration',
  malformed: 'this hash is malformed',
  too_costly: 'checking this hash would cost too much: 64 MiB, 10 passes and 4 lanes are the most',
};
