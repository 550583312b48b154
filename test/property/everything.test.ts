import { testSuite } from "./suite.ts";

testSuite("everything", 4);
