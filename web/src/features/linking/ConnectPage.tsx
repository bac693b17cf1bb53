// Linking, one phase at a time; when the chats are there the inbox takes over by itself.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LoadingPhase } from "#/features/linking/LoadingPhase";
import { OtherAccountPhase } from "#/features/linking/OtherAccountPhase";
import { PairingPhase } from "#/features/linking/PairingPhase";
import { PartingSteps } from "#/features/linking/PartingDialog";
import { PausedPhase, RefusedPhase, StuckPhase } from "#/features/linking/PausedPhase";
import { PhaseCard } from "#/features/linking/PhaseCard";
import { ProvisioningPhase } from "#/features/linking/ProvisioningPhase";
import { QrPhase } from "#/features/linking/QrPhase";
import { QrTimeoutPhase } from "#/features/linking/QrTimeoutPhase";
import { config, useConnection } from "#/features/linking/queries";
import { SetupPhase } from "#/features/linking/SetupPhase";
import { WaitingPhase } from "#/features/linking/WaitingPhase";
import { useWords } from "#/lib/words";
import { Mark } from "#/ui/Logo";

/** `knowsChoice` is true when the reading mode was chosen and the terms accepted before. */
export function ConnectPage({ knowsChoice }: { knowsChoice: boolean }) {
  const say = useWords();
  const { shown, slice } = useConnection();
  /** The person wants to type a number; the page may still show its QR code. */
  const [byNumber, setByNumber] = useState(false);
  const phoneUrl = useQuery(config()).data?.phone_url ?? null;
  return (
    <main className="aurora scroll-quiet h-full overflow-y-auto" data-phase={shown.name}>
      <div className="mx-auto flex min-h-full w-full max-w-5xl flex-col justify-center px-4 py-8 wide:px-10">
        {phase()}
      </div>
    </main>
  );

  function phase() {
    switch (shown.name) {
      case "setup":
        // After a deletion nothing is left of the choice, whatever was known of the account before.
        return <SetupPhase notice={shown.notice} knowsChoice={knowsChoice && slice?.phase !== undefined} />;
      case "provisioning":
        return <ProvisioningPhase since={shown.since} />;
      case "waiting":
        return <WaitingPhase place={shown.place} />;
      case "qr":
        if (byNumber) return <PairingPhase pairing={null} onBack={() => setByNumber(false)} />;
        return (
          <QrPhase code={shown.code} removed={shown.removed} phoneUrl={phoneUrl} onByNumber={() => setByNumber(true)} />
        );
      case "pairing":
        return <PairingPhase pairing={shown.pairing} onBack={() => setByNumber(false)} />;
      case "qr_timeout":
        return <QrTimeoutPhase removed={shown.removed} />;
      case "stuck":
        return <StuckPhase />;
      case "other_account":
        return <OtherAccountPhase question={shown.question} />;
      case "parting":
        return (
          <PhaseCard>
            <h1 className="mb-5 font-semibold text-2xl tracking-[-0.01em]">
              {say(shown.parting.kind === "disconnect" ? "parting.disconnect_now" : "parting.wipe_now")}
            </h1>
            <PartingSteps parting={shown.parting} />
          </PhaseCard>
        );
      case "refused":
        return <RefusedPhase reason={shown.reason} />;
      case "loading":
        return <LoadingPhase found={shown.found} percent={shown.percent} since={shown.since} />;
      case "paused":
        return <PausedPhase reason={shown.reason} />;
      default:
        return (
          <div className="flex animate-breathe justify-center" role="status">
            <Mark size={44} />
          </div>
        );
    }
  }
}
