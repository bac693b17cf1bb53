// Requests that the server does only shortly after the person gave the password.
import { createContext, useContext } from "react";

export type Recently = <T>(act: () => Promise<T>) => Promise<T>;

/** Filled by whoever can ask for the password. */
export const RecentlyContext = createContext<Recently>((act) => act());

/** Runs a request, and runs it again after the person has given the password, if it was refused for the lack of that. */
export const useRecently = (): Recently => useContext(RecentlyContext);
