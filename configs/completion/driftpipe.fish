# Completion of driftpipe's tools for fish. Installed by the name of each, since
# fish loads it when that is first typed.
function __driftpipe_candidates
    sh /usr/local/share/driftpipe/configs/completion/candidates.sh \
        (commandline -opc) (commandline -ct)
end
for tool in accest chi2 dedup driftfdr driftmerge driftmix driftpipe-init \
        driftpipe-pub driftpipe-run driftpipe-sub driftreport driftscore edet \
        featstat iks imgcls imgdegrade imgtrain mewma nmddm pht promtext
    complete -c $tool -n 'string length -q -- (__driftpipe_candidates)' \
        -f -a '(__driftpipe_candidates)'
end
