import { Activity, Boxes, Globe, House, KeyRound, Layers, Lock, Network, Users, Workflow } from 'lucide-react';
import { routes } from '@/features/navigation/routes';

/** The console's navigation: only what exists. */
export const sections = [
  { group: null, entries: [{ title: 'Home', href: routes.home, Icon: House }] },
  {
    group: 'Build',
    entries: [
      { title: 'APIs', href: routes.apis, Icon: Boxes },
      { title: 'Upstreams', href: routes.upstreams, Icon: Network },
      { title: 'Plans', href: routes.plans, Icon: Layers },
      { title: 'Revisions', href: routes.revisions, Icon: Workflow },
    ],
  },
  { group: 'Run', entries: [{ title: 'Requests', href: routes.requests, Icon: Activity }] },
  {
    group: 'People',
    entries: [
      { title: 'Applications', href: routes.applications, Icon: KeyRound },
      { title: 'Members', href: routes.members, Icon: Users },
    ],
  },
  {
    group: 'Settings',
    entries: [
      { title: 'Domains', href: routes.domains, Icon: Globe },
      { title: 'Secrets', href: routes.secrets, Icon: Lock },
    ],
  },
] as const;
