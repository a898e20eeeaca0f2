// Fails every test that asserts nothing, such as one that loops over an empty list.
beforeEach(() => expect.hasAssertions());
