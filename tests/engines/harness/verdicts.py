def judge_tests(account, site, at, ca=None, edge=None, visitor=None):
    pass
