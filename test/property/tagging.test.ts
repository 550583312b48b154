import { testSuite } from "./suite.ts";

testSuite("tagging");
