import { testSuite } from "./suite.ts";

testSuite("atomic-context");
