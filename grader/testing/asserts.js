// A test that asserts nothing, such as one that goes through an empty list, is no test.
beforeEach(() => expect.hasAssertions());
