'use client';

import type { TwoFactor, TwoFactorEnrolment } from '@sluice/contracts';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { beginTwoFactor, endTwoFactor, makeBackupCodes } from '@/features/api/auth-calls';
import { AppCodeStep } from '@/features/auth/second-step';
import { Button } from '@/features/ui/button';
import { CodeBlock } from '@/features/ui/code-block';
import { plural } from '@/features/ui/numbers';
import { Card, Section } from '@/features/ui/page-header';
import { QrCode } from '@/features/ui/qr-code';
import { StatusBadge } from '@/features/ui/status-badge';
import { useToast } from '@/features/ui/toast';
import { BackupCodes } from './backup-codes';
import { PasswordStep } from './password-step';

type Step =
  | { at: 'rest' }
  | { at: 'begin' | 'renew' | 'end' }
  | { at: 'scan'; enrolment: TwoFactorEnrolment }
  | { at: 'codes'; codes: readonly string[]; told: string };

const rest: Step = { at: 'rest' };

/** Switches two-factor on and off, and makes backup codes. Each begins with the password. */
export function TwoFactorPanel({ state }: { state: TwoFactor }) {
  const [step, setStep] = useState<Step>(rest);
  const router = useRouter();
  const toast = useToast();
  const stop = () => setStep(rest);

  function finish(told: string): void {
    stop();
    toast(told);
    router.refresh();
  }

  return (
    <Section
      title="Two-factor"
      note="After the password, signing in asks for a code of an app on your phone. A stolen password alone opens nothing then."
    >
      <Card>
        {step.at === 'rest' && <Choices state={state} onChoose={(at) => setStep({ at })} />}
        {step.at === 'begin' && (
          <PasswordStep
            label="Go on"
            call={beginTwoFactor}
            onDone={({ value }) => setStep({ at: 'scan', enrolment: value })}
            onCancel={stop}
          />
        )}
        {step.at === 'scan' && (
          <Scan
            enrolment={step.enrolment}
            onCancel={stop}
            onProven={() => {
              const codes = step.enrolment.backupCodes;
              router.refresh();
              setStep({ at: 'codes', codes, told: 'Two-factor is on. Every other session has ended.' });
            }}
          />
        )}
        {step.at === 'codes' && <BackupCodes codes={step.codes} onDone={() => finish(step.told)} />}
        {step.at === 'renew' && (
          <PasswordStep
            label="Make new codes"
            call={makeBackupCodes}
            onDone={({ value }) =>
              setStep({ at: 'codes', codes: value.backupCodes, told: 'The old backup codes no longer work.' })
            }
            onCancel={stop}
          />
        )}
        {step.at === 'end' && (
          <div className="flex flex-col gap-4">
            <p>The password alone will sign in then, and the backup codes stop working.</p>
            <PasswordStep
              label="Switch it off"
              look="danger"
              call={endTwoFactor}
              onDone={() => finish('Two-factor is off.')}
              onCancel={stop}
            />
          </div>
        )}
      </Card>
    </Section>
  );
}

function Choices({ state, onChoose }: { state: TwoFactor; onChoose: (at: 'begin' | 'renew' | 'end') => void }) {
  if (!state.isOn) {
    return (
      <div className="flex flex-col items-start gap-4">
        <StatusBadge tone="neutral">Off</StatusBadge>
        <Button look="primary" onClick={() => onChoose('begin')}>
          Switch it on
        </Button>
      </div>
    );
  }
  const left = state.backupCodesLeft;
  return (
    <div className="flex flex-col gap-4">
      <StatusBadge tone="ok">On</StatusBadge>
      <p>
        {left === 0 ? 'No backup code is left.' : `${plural(left, 'backup code is', 'backup codes are')} left.`}
        {left < 3 && ' Make new ones: without the phone and without a code you cannot sign in.'}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look={left < 3 ? 'primary' : 'secondary'} onClick={() => onChoose('renew')}>
          Make new backup codes
        </Button>
        <Button onClick={() => onChoose('end')}>Switch it off</Button>
      </div>
    </div>
  );
}

function Scan({
  enrolment,
  onProven,
  onCancel,
}: {
  enrolment: TwoFactorEnrolment;
  onProven: () => void;
  onCancel: () => void;
}) {
  return (
    <div className="flex flex-col gap-5">
      <p className="max-w-[68ch]">
        Scan this with an authenticator app. On the phone itself,{' '}
        <a href={enrolment.uri} className="link">
          open the app
        </a>
        .
      </p>
      <QrCode text={enrolment.uri} label="QR code for the authenticator app; the same as text follows" />
      <div className="flex flex-col gap-1">
        <p className="text-13 text-text-2">It cannot scan? Type this in as a key, based on time:</p>
        <CodeBlock code={enrolment.secret} name="the key for the app" wraps />
      </div>
      <div className="flex max-w-[400px] flex-col gap-4">
        <AppCodeStep onSignedIn={onProven} />
        <div>
          <Button onClick={onCancel}>Leave it off</Button>
        </div>
      </div>
    </div>
  );
}
