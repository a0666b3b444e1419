import { NotFoundPage } from '@/features/ui/not-found-page';

export default function NotFound() {
  return <NotFoundPage />;
}
