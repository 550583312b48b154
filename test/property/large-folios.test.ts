import { testSuite } from "./suite.ts";

testSuite("large-folios");
