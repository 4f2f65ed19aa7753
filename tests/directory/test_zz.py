import pytest
from tests.directory import test_merging as t
pytestmark = pytest.mark.django_db
@pytest.mark.parametrize("which",["order","without"])
def test_many(which):
    f = (t.test_whatever_the_order_everything_comes_back_exactly if which=="order" else t.test_taking_one_out_is_as_if_it_had_never_been_in).hypothesis.inner_test
    bad=0
    for seed in range(400):
        try: f(seed=seed)
        except BaseException as e:
            bad+=1
            if bad<=3:
                import traceback
                print("SEED",seed, repr(e)[:200])
                tb=traceback.extract_tb(e.__traceback__); print([ (x.filename[-25:],x.lineno) for x in tb if 'wt/core' in x.filename][-5:])
                if isinstance(e,AssertionError):
                    loc=[fr for fr in traceback.walk_tb(e.__traceback__) if fr[0].f_code.co_filename.endswith('test_merging.py')][-1][0].f_locals
                    fo,ex=loc.get("found"),loc.get("expected")
                    if fo and ex:
                        for k in sorted(set(fo)|set(ex)):
                            if fo.get(k)!=ex.get(k):
                                a,b=fo.get(k) or {},ex.get(k) or {}
                                print("   ",k,{c:(a.get(c),b.get(c)) for c in set(a)|set(b) if a.get(c)!=b.get(c)} if a and b else ("extra" if a else "missing", {c:v for c,v in (a or b).items() if c.endswith('_id') or c=='is_head'}))
    print("BAD",bad)
