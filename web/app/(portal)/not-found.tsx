import { frontPage } from '@/features/security/front-page';
import { NotFoundPage } from '@/features/ui/not-found-page';

export default async function NotFound() {
  return <NotFoundPage frontPage={await frontPage()} />;
}
